import { Alert, Box, Typography } from '@mui/material';
import { Cost } from '../fields/CostField.js';
import { formatDuration } from '../format/formatDuration.js';
import { formatTokens } from '../format/formatTokens.js';
import { Mono } from '../fields/Mono.js';
import { OriginChip } from '../fields/OriginChip.js';
import { furtherModel, targetName } from '../fields/targetName.js';
import { Status } from '../fields/Status.js';
import type { ReactNode } from 'react';
import type { Attempt } from './RequestLog.js';

interface AttemptFactsProps {
  readonly attempt: Attempt;
  /** Counted from one. */
  readonly number: number;
}

/** What an attempt still held or gave back of the budget, in words. */
const moneyStates: Readonly<Record<string, string>> = {
  dispatched: 'money still held',
  voided: 'nothing charged',
  expired: 'charged as held',
};

export const AttemptFacts = ({ attempt, number }: AttemptFactsProps) => (
  <>
    <Box
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.5 }}
    >
      <Typography variant="subtitle2">{number}.</Typography>
      <OriginChip kind={attempt.kind} />
      <Typography variant="body2" component="span">
        <Mono isBreakable>
          {[targetName(attempt.label), furtherModel(attempt.label, attempt.upstreamModel)]
            .filter((part) => part !== null)
            .join(' · ')}
        </Mono>
      </Typography>
      <Typography variant="body2" component="span">
        <Status value={attempt.outcome} />
      </Typography>
      {attempt.httpStatus === null ? null : <Aside>HTTP {attempt.httpStatus}</Aside>}
      <Box sx={{ flex: 1 }} />
      <Figures attempt={attempt} />
    </Box>
    {attempt.errorMessage === null ? null : (
      <Alert
        severity={attempt.outcome === 'skipped' ? 'info' : 'error'}
        icon={false}
        sx={{ mt: 1, py: 0.25 }}
      >
        <Mono>{attempt.errorCode ?? attempt.reasonCode}</Mono> {attempt.errorMessage}
      </Alert>
    )}
  </>
);

const Figures = ({ attempt }: Pick<AttemptFactsProps, 'attempt'>) => {
  const { inputTokens, outputTokens, state, priceSource } = attempt;
  const hasTokens = inputTokens !== null || outputTokens !== null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', columnGap: 2 }}>
      {hasTokens ? (
        <Aside>
          {formatTokens(inputTokens)} in, {formatTokens(outputTokens)} out
        </Aside>
      ) : null}
      <span>
        {attempt.costStatus === 'free' ? null : <Aside>cost </Aside>}
        <Cost costNanos={attempt.costNanos} costStatus={attempt.costStatus} />
      </span>
      {priceSource === null || priceSource === 'free' ? null : (
        <Aside>price from {priceSource}</Aside>
      )}
      {moneyStates[state] === undefined ? null : <Aside>{moneyStates[state]}</Aside>}
      <Typography variant="body2" component="span" sx={{ fontWeight: 600 }}>
        {formatDuration(attempt.totalMs)}
      </Typography>
    </Box>
  );
};

const Aside = ({ children }: { readonly children: ReactNode }) => (
  <Typography variant="body2" component="span" color="textSecondary">
    {children}
  </Typography>
);
