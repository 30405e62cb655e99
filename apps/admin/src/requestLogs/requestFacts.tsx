import type { ReactNode } from 'react';
import { CostField } from '../fields/CostField.js';
import type { Fact } from '../fields/FactGrid.js';
import { formatDuration } from '../format/formatDuration.js';
import { formatTokens } from '../format/formatTokens.js';
import { Mono } from '../fields/Mono.js';
import { OriginChip } from '../fields/OriginChip.js';
import { Status } from '../fields/Status.js';
import { targetName } from '../fields/targetName.js';
import { TimeField } from '../fields/TimeField.js';
import { protocolName } from '../protocols/protocols.js';
import type { RequestLog } from './RequestLog.js';

/** Everything about a request but its attempts, warnings and error. */
export function requestFacts(request: RequestLog): readonly Fact[] {
  return [
    { name: 'Outcome', value: <Status value={request.outcome} /> },
    { name: 'HTTP status', value: request.status ?? '–' },
    { name: 'Time', value: <TimeField source="createdAt" /> },
    { name: 'Key', value: request.keyName ?? '–' },
    { name: 'Model asked for', value: <Mono>{request.requestedModel ?? '–'}</Mono> },
    { name: 'Route', value: <Mono>{request.routeName ?? '–'}</Mono> },
    { name: 'Served by', value: servedBy(request) },
    ...reasonFacts(request),
    { name: 'Model that answered', value: <Mono>{request.servedModel ?? '–'}</Mono> },
    { name: 'Asked in', value: protocolName(request.protocol) },
    { name: 'Streamed', value: request.isStream ? 'yes' : 'no' },
    {
      name: 'Cost',
      value: <CostField />,
    },
    { name: 'First token after', value: formatDuration(request.firstTokenMs) },
    { name: 'Total time', value: formatDuration(request.totalMs) },
    ...tokenFacts(request),
  ];
}

function reasonFacts({ fallbackReason }: RequestLog): readonly Fact[] {
  if (fallbackReason === null) return [];
  return [{ name: 'Not the first target, because', value: <Mono>{fallbackReason}</Mono> }];
}

function servedBy({ servedKind, servedBy: label }: RequestLog): ReactNode {
  return servedKind === null ? (
    '–'
  ) : (
    <OriginChip kind={servedKind} label={targetName(label ?? servedKind)} />
  );
}

/** Input and output always, the finer kinds only where the provider reported them. */
function tokenFacts(request: RequestLog): readonly Fact[] {
  const finer: readonly (readonly [name: string, tokens: number | null])[] = [
    ['Read from cache', request.cacheReadTokens],
    ['Written to cache', request.cacheWriteTokens],
    ['Reasoning', request.reasoningTokens],
  ];
  return [
    { name: 'Input tokens', value: formatTokens(request.inputTokens) },
    { name: 'Output tokens', value: formatTokens(request.outputTokens) },
    ...finer
      .filter(([, tokens]) => tokens !== null)
      .map(([name, tokens]) => ({ name, value: formatTokens(tokens) })),
  ];
}
