import { Alert, Box, Button, FormControlLabel, MenuItem, Switch, TextField } from '@mui/material';
import { useState } from 'react';
import { Section } from '../layout/Section.js';
import { monospace } from '../layout/theme.js';
import { lossModes, type LossMode } from '../protocols/lossModes.js';
import { findProtocol, protocols } from '../protocols/protocols.js';
import { exampleRequest } from './exampleRequest.js';
import { findJsonFault } from './findJsonFault.js';
import type { TranslationQuestion } from './TranslationPreview.js';

interface QuestionFormProps {
  /** At least one. */
  readonly routeNames: readonly string[];
  readonly isRunning: boolean;
  readonly onAsk: (question: TranslationQuestion) => void;
  /** What was answered before is no longer what is asked. */
  readonly onChange: () => void;
}

interface Draft {
  readonly protocol: string;
  readonly lossMode: LossMode | 'route';
  /** Where the URL names it. */
  readonly model: string;
  readonly isStream: boolean;
  /** null = the example of the protocol. */
  readonly text: string | null;
}

export const QuestionForm = ({ routeNames, isRunning, onAsk, onChange }: QuestionFormProps) => {
  const [draft, setDraft] = useState<Draft>(() => firstDraft(routeNames[0] ?? ''));
  const [fault, setFault] = useState<string | null>(null);
  const text = draft.text ?? exampleRequest(draft.protocol, draft.model);
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setFault(null);
    onChange();
  };
  const ask = () => {
    const found = findJsonFault(text);
    setFault(found);
    if (found === null) onAsk(toQuestion(draft, text));
  };
  return (
    <Section
      title="Request"
      hint="The body your program would send, with a route of yours as its model."
    >
      <Settings draft={draft} routeNames={routeNames} onChange={change} />
      <TextField
        label="Request body"
        multiline
        minRows={8}
        maxRows={22}
        value={text}
        onChange={(event) => change({ text: event.target.value })}
        slotProps={{
          htmlInput: { spellCheck: false, sx: { fontFamily: monospace, fontSize: '0.8rem' } },
        }}
      />
      {fault === null ? null : (
        <Alert severity="error" sx={{ mt: 1 }}>
          {fault}
        </Alert>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1.5 }}>
        <Button variant="contained" onClick={ask} disabled={isRunning}>
          Translate
        </Button>
        <Button onClick={() => change({ text: null })} disabled={draft.text === null}>
          Back to the example
        </Button>
      </Box>
    </Section>
  );
};

interface SettingsProps {
  readonly draft: Draft;
  readonly routeNames: readonly string[];
  readonly onChange: (part: Partial<Draft>) => void;
}

const Settings = ({ draft, routeNames, onChange }: SettingsProps) => (
  <Box
    sx={{
      display: 'grid',
      columnGap: 2,
      gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) minmax(0, 1fr)' },
    }}
  >
    <TextField
      select
      label="Protocol"
      value={draft.protocol}
      onChange={(event) => onChange({ protocol: event.target.value })}
    >
      {protocols.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
    <TextField
      select
      label="Losses"
      value={draft.lossMode}
      onChange={(event) => onChange({ lossMode: event.target.value as Draft['lossMode'] })}
    >
      {[{ id: 'route', name: 'As the route says' }, ...lossModes].map(({ id, name }) => (
        <MenuItem key={id} value={id} sx={{ whiteSpace: 'normal' }}>
          {name}
        </MenuItem>
      ))}
    </TextField>
    {findProtocol(draft.protocol)?.namesModelInUrl ? (
      <AddressInputs draft={draft} routeNames={routeNames} onChange={onChange} />
    ) : null}
  </Box>
);

const AddressInputs = ({ draft, routeNames, onChange }: SettingsProps) => (
  <>
    <TextField
      select
      label="Model"
      helperText="This protocol names it in the URL"
      value={draft.model}
      onChange={(event) => onChange({ model: event.target.value })}
    >
      {routeNames.map((name) => (
        <MenuItem key={name} value={name}>
          {name}
        </MenuItem>
      ))}
    </TextField>
    <FormControlLabel
      label="Streamed (streamGenerateContent)"
      sx={{ alignSelf: 'start', mt: 1.25 }}
      control={
        <Switch
          checked={draft.isStream}
          onChange={(event) => onChange({ isStream: event.target.checked })}
        />
      }
    />
  </>
);

function firstDraft(model: string): Draft {
  const protocol = protocols[0]?.id ?? '';
  return { protocol, lossMode: 'route', model, isStream: false, text: null };
}

function toQuestion({ protocol, lossMode, model, isStream }: Draft, body: string) {
  const hasAddress = findProtocol(protocol)?.namesModelInUrl === true;
  return {
    protocol,
    lossMode: lossMode === 'route' ? null : lossMode,
    address: hasAddress ? { model, isStream } : null,
    body,
  } satisfies TranslationQuestion;
}
