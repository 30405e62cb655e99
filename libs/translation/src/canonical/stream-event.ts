import type { GatewayError } from '../errors/gateway-error.js';
import type { Citation, NativePart, OpaqueToken, ToolName } from './content.js';
import type { FinishReason } from './finish-reason.js';
import type { Usage } from './usage.js';

/** What kind of part begins. Tool calls have their name from the start; ids may be missing and are then made up. */
export type PartStart =
  | { readonly type: 'text' }
  | { readonly type: 'reasoning' }
  | { readonly type: 'refusal' }
  | ({
      readonly type: 'tool-call';
      readonly id: string | null;
      /** The deltas are plain text for a freeform tool. */
      readonly isFreeform?: boolean;
      /** Also in `part-end`; here where it is known from the start, for clients that read only a call's first event. */
      readonly opaque?: OpaqueToken | null;
    } & ToolName)
  | Omit<NativePart, 'path'>;

/**
 * One step of an answer. The order is strict, whatever the upstream did: `response-start` first, one part
 * open at a time, `usage` any time in between (cumulative: it replaces), and exactly one `response-end` or
 * `error` last.
 */
export type CanonicalEvent =
  | {
      readonly type: 'response-start';
      readonly id: string | null;
      readonly model: string | null;
      readonly createdAtSeconds: number | null;
    }
  | { readonly type: 'part-start'; readonly part: PartStart }
  | { readonly type: 'part-delta'; readonly text: string }
  | {
      readonly type: 'part-end';
      readonly opaque: OpaqueToken | null;
      readonly citations: readonly Citation[];
    }
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'response-end';
      readonly finishReason: FinishReason;
      readonly finishDetail: string | null;
    }
  | { readonly type: 'error'; readonly error: GatewayError };
