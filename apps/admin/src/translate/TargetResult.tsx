import {
  Alert,
  AlertTitle,
  Box,
  Chip,
  ToggleButton,
  ToggleButtonGroup,
  Typography,
} from '@mui/material';
import { useState } from 'react';
import { Mono } from '../fields/Mono.js';
import { OriginChip } from '../fields/OriginChip.js';
import { targetKind, targetName } from '../fields/targetName.js';
import { CopyBlock } from '../layout/CopyBlock.js';
import { Section } from '../layout/Section.js';
import { protocolName } from '../protocols/protocols.js';
import { WarningList } from '../warnings/WarningList.js';
import { indentJson } from './indentJson.js';
import type { TargetPreview } from './TranslationPreview.js';

interface TargetResultProps {
  readonly preview: TargetPreview;
  /** The route may not use providers. */
  readonly isLocalOnly: boolean;
}

/** What one target would be sent, and what that costs in meaning. */
export const TargetResult = ({ preview, isLocalOnly }: TargetResultProps) => {
  const { target, protocol, path, body, warnings, refusal } = preview;
  const kind = targetKind(target);
  return (
    <Section title={targetName(target)} action={<OriginChip kind={kind} />}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, mb: 1.5 }}>
        <Verdict preview={preview} />
        {protocol === null ? null : (
          <Typography variant="body2" component="span" color="textSecondary">
            {protocolName(protocol)}
          </Typography>
        )}
        {path === null ? null : (
          <Typography variant="body2" component="span" sx={{ minWidth: 0 }}>
            <Mono isBreakable>POST {path}</Mono>
          </Typography>
        )}
      </Box>
      {kind === 'provider' && isLocalOnly ? (
        <Alert severity="info" sx={{ mb: 1.5 }}>
          The route keeps everything on this machine, so this target would not be asked.
        </Alert>
      ) : null}
      {refusal === null ? null : (
        <Alert severity="error">
          <AlertTitle sx={{ fontWeight: 600 }}>
            <Mono isBreakable>
              {[refusal.code, refusal.path].filter((part) => part !== null).join(' · ')}
            </Mono>
          </AlertTitle>
          {refusal.message}
        </Alert>
      )}
      {warnings.length === 0 ? null : (
        <Box sx={{ mb: 1.5 }}>
          <WarningList warnings={warnings} />
        </Box>
      )}
      {body === null ? null : <OutgoingBody body={body} target={targetName(target)} />}
    </Section>
  );
};

const Verdict = ({
  preview: { isPassthrough, refusal, warnings },
}: Pick<TargetResultProps, 'preview'>) => {
  if (refusal !== null) return <Chip size="small" color="error" label="refused" />;
  if (isPassthrough)
    return (
      <Chip
        size="small"
        color="success"
        label="passes through"
        title="The same protocol: byte for byte, but for the model’s name"
      />
    );
  if (warnings.length === 0)
    return <Chip size="small" color="success" label="translated without loss" />;
  const count = warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`;
  return <Chip size="small" color="warning" label={`translated, ${count}`} />;
};

const OutgoingBody = ({ body, target }: { readonly body: string; readonly target: string }) => {
  const [form, setForm] = useState<'indented' | 'raw'>('indented');
  return (
    <>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 0.75 }}>
        <Typography variant="subtitle2" sx={{ flex: 1 }}>
          Outgoing request
        </Typography>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={form}
          aria-label="How the request is shown"
          onChange={(_event, chosen: 'indented' | 'raw' | null) => setForm(chosen ?? form)}
        >
          <ToggleButton value="indented" sx={{ py: 0.25 }}>
            Indented
          </ToggleButton>
          <ToggleButton value="raw" sx={{ py: 0.25 }}>
            As sent
          </ToggleButton>
        </ToggleButtonGroup>
      </Box>
      <CopyBlock
        text={form === 'raw' ? body : indentJson(body)}
        label={`Copy the request for ${target}`}
        isWrapped={form === 'raw'}
      />
    </>
  );
};
