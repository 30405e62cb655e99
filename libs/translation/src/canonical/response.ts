import type { Citation, NativePart, OpaqueToken, ToolName } from './content.js';
import type { FinishReason } from './finish-reason.js';
import type { Usage } from './usage.js';

/** A piece of an answer. `id` is null where the upstream gave none; encoders then make one. */
export type ResponsePart =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly citations: readonly Citation[];
      readonly opaque?: OpaqueToken | null;
    }
  | { readonly type: 'reasoning'; readonly text: string; readonly opaque: OpaqueToken | null }
  | { readonly type: 'refusal'; readonly text: string }
  | ({
      readonly type: 'tool-call';
      readonly id: string | null;
      readonly argumentsText: string;
      /** `argumentsText` is the plain text for a freeform tool. */
      readonly isFreeform?: boolean;
      readonly opaque?: OpaqueToken | null;
    } & ToolName)
  | Omit<NativePart, 'path'>;

/** One whole answer: parts in the order the model made them. */
export interface CanonicalResponse {
  readonly id: string | null;
  readonly model: string | null;
  readonly createdAtSeconds: number | null;
  readonly parts: readonly ResponsePart[];
  readonly finishReason: FinishReason;
  /** The stop string that was hit, or the reason for a refusal. */
  readonly finishDetail: string | null;
  readonly usage: Usage;
}
