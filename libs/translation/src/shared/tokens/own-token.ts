import type { OpaqueToken } from '../../canonical/content.js';
import type { ProtocolId } from '../../protocol.js';
import { returnsTo } from './returns-to.js';
import type { TranslationReport } from '../request/translation-report.js';

interface Signed {
  readonly path: string;
  readonly opaque?: OpaqueToken | null;
}

/** The token of a part, if it may return to the target; any other is dropped with a warning. */
export function ownToken(
  part: Signed,
  protocol: ProtocolId,
  report: TranslationReport,
): OpaqueToken | null {
  if (returnsTo(part.opaque, protocol, report.target)) return part.opaque;
  report.droppedToken(part);
  return null;
}
