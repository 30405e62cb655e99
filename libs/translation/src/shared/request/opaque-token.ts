import type { OpaqueToken } from '../../canonical/content.js';
import type { CanonicalRequest } from '../../canonical/request.js';
import { modelFamily } from '../../capabilities/model-family.js';
import type { ProtocolId } from '../../protocol.js';
import type { TranslationReport } from './translation-report.js';

interface Signed {
  readonly path: string;
  readonly opaque?: OpaqueToken | null;
}

/** For targets that take tokens back with reasoning alone: Gemini signs texts and tool calls as well. */
export function warnOfSignedParts(
  { turns }: Pick<CanonicalRequest, 'turns'>,
  origin: ProtocolId,
  report: TranslationReport,
): void {
  for (const part of turns.flatMap(({ parts }) => parts))
    if (part.type === 'text' || part.type === 'tool-call') ownToken(part, origin, report);
}

/** The token of a part, if it was made there by a model of the target's family; others are dropped with a warning. */
export function ownToken(
  { opaque, path }: Signed,
  origin: ProtocolId,
  report: TranslationReport,
): OpaqueToken | null {
  if (opaque === undefined || opaque === null) return null;
  const family = opaque.family ?? null;
  const isOwn =
    opaque.origin === origin && (family === null || family === modelFamily(report.target.model));
  if (isOwn) return opaque;
  dropToken({ opaque, path }, report);
  return null;
}

/** For places that take no token at all. */
export function dropToken({ opaque, path }: Signed, report: TranslationReport): void {
  if (opaque !== undefined && opaque !== null)
    report.dropped(path, 'an opaque token means something to its provider alone');
}
