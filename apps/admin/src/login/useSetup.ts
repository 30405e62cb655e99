import { useState, type FormEvent } from 'react';
import { messageOf } from '../providers/apiError.js';
import { createFirstAdmin } from '../providers/authProvider.js';
import { findSetupFaults, type SetupFaults, type SetupFields } from './setupFaults.js';

interface Setup {
  readonly fields: SetupFields;
  readonly faults: SetupFaults;
  /** What the server had against it. */
  readonly refusal: string | null;
  readonly isBusy: boolean;
  readonly onChange: (change: Partial<SetupFields>) => void;
  readonly onSubmit: (event: FormEvent) => void;
}

/** A full page load, so that neither the history nor what was rendered before keeps the token. */
function openPanel(): void {
  window.location.replace(window.location.pathname);
}

/** The state of the first-run form; a successful submit opens the panel, signed in. */
export function useSetup(linkToken: string): Setup {
  const [fields, setFields] = useState<SetupFields>({
    token: linkToken,
    username: '',
    password: '',
    confirmation: '',
  });
  const [faults, setFaults] = useState<SetupFaults>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const found = findSetupFaults(fields);
    setFaults(found);
    setRefusal(null);
    if (Object.keys(found).length > 0) return;
    setIsBusy(true);
    createFirstAdmin({
      token: fields.token.trim(),
      username: fields.username.trim(),
      password: fields.password,
    })
      .then(openPanel)
      .catch((error: unknown) => setRefusal(messageOf(error)))
      .finally(() => setIsBusy(false));
  };

  const onChange = (change: Partial<SetupFields>) => setFields({ ...fields, ...change });
  return { fields, faults, refusal, isBusy, onChange, onSubmit };
}
