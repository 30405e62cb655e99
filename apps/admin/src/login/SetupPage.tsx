import { Alert, Button, Link, TextField } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { Navigate, useLocation } from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import { createFirstAdmin } from '../providers/authProvider.js';
import { AuthFrame } from './AuthFrame.js';
import { findSetupFaults, type SetupFaults, type SetupFields } from './setupFaults.js';
import { useNeedsSetup } from './useNeedsSetup.js';

/** One text field of the form, with the fault that belongs to it. */
interface SetupFieldProps {
  readonly label: string;
  readonly name: keyof SetupFields;
  readonly fields: SetupFields;
  readonly faults: SetupFaults;
  readonly onChange: (change: Partial<SetupFields>) => void;
  readonly autoComplete: string;
  readonly hint?: string;
  readonly autoFocus?: boolean;
}

const SetupField = (props: SetupFieldProps) => {
  const { label, name, fields, faults, onChange, hint, autoFocus = false } = props;
  const isSecret = name === 'password' || name === 'confirmation';
  return (
    <TextField
      label={label}
      type={isSecret ? 'password' : 'text'}
      value={fields[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
      error={faults[name] !== undefined}
      helperText={faults[name] ?? hint}
      autoComplete={props.autoComplete}
      autoFocus={autoFocus}
    />
  );
};

/** The token comes in the link printed on the console: `#/setup?token=…`. */
function useTokenFromLink(): string {
  return new URLSearchParams(useLocation().search).get('token') ?? '';
}

/** A full page load, so that neither the history nor what was rendered before keeps the token. */
function openPanel(): void {
  window.location.replace(window.location.pathname);
}

/** First run: creates the admin, who is signed in by it. */
export const SetupPage = () => {
  const linkToken = useTokenFromLink();
  const needsSetup = useNeedsSetup();
  const [fields, setFields] = useState<SetupFields>({
    token: linkToken,
    username: '',
    password: '',
    confirmation: '',
  });
  const [faults, setFaults] = useState<SetupFaults>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const submit = (event: FormEvent) => {
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

  const shared = {
    fields,
    faults,
    onChange: (change: Partial<SetupFields>) => setFields({ ...fields, ...change }),
  };
  if (needsSetup === false) return <Navigate to="/login" replace />;
  return (
    <AuthFrame
      title="Welcome"
      text="Create the admin account of this gateway. It is stored on this machine only."
    >
      <form onSubmit={submit} noValidate>
        {refusal === null ? null : <Alert severity="error">{refusal}</Alert>}
        {linkToken === '' ? (
          <SetupField
            {...shared}
            label="Setup token"
            name="token"
            autoComplete="off"
            hint="Printed on the console when Spillway started; good for 15 minutes"
          />
        ) : null}
        <SetupField
          {...shared}
          label="Username"
          name="username"
          autoComplete="username"
          autoFocus
        />
        <SetupField
          {...shared}
          label="Password"
          name="password"
          autoComplete="new-password"
          hint="At least 10 characters"
        />
        <SetupField
          {...shared}
          label="Confirm password"
          name="confirmation"
          autoComplete="new-password"
        />
        <Button
          type="submit"
          variant="contained"
          size="large"
          fullWidth
          loading={isBusy}
          sx={{ mt: 2, mb: 1.5 }}
        >
          Create admin
        </Button>
        <Link href="#/login" variant="body2">
          There is an account already? Sign in
        </Link>
      </form>
    </AuthFrame>
  );
};
