import type { LossMode } from '../protocols/lossModes.js';
import type { Warning } from '../warnings/groupWarnings.js';

/** A request as a client would send it. */
export interface TranslationQuestion {
  readonly protocol: string;
  /** null = as its route says. */
  readonly lossMode: LossMode | null;
  /** What stands in the URL, for protocols that name the model there. */
  readonly address: { readonly model: string; readonly isStream: boolean } | null;
  /** The text, byte for byte. */
  readonly body: string;
}

/** What one target of the route would be sent. */
export interface TargetPreview {
  readonly target: string;
  /** The protocol of the outgoing request; null when there is none. */
  readonly protocol: string | null;
  /** Path and query behind the origin of the target. */
  readonly path: string | null;
  readonly isPassthrough: boolean;
  readonly body: string | null;
  readonly warnings: readonly Warning[];
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    readonly path: string | null;
  } | null;
}

/** What `POST /v1/translate` answers. */
export interface TranslationPreview {
  readonly route: string;
  readonly targets: readonly TargetPreview[];
}
