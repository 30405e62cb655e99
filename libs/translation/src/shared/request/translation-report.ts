import type { OpaqueToken } from '../../canonical/content.js';
import type { CanonicalRequest } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ProtocolId, TranslationTarget, Warning, WireProtocolId } from '../../protocol.js';
import { JsonText } from '../json/write-json.js';
import { callerPath } from './caller-path.js';

/** Keeps account of what a translation loses: each loss is either warned of or refused. */
export class TranslationReport {
  readonly #warnings: Warning[] = [];

  constructor(
    readonly target: TranslationTarget,
    /** The caller's, whose names for fields the paths are in. */
    private readonly protocol: WireProtocolId,
  ) {}

  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /** A hint that the target has no place for; of several fields, where they said it together. */
  dropped(paths: string | readonly string[], detail: string): void {
    for (const path of typeof paths === 'string' ? [paths] : paths)
      this.warn('dropped', path, detail);
  }

  /** The opaque token of a part that the target has no place for, or did not make. */
  droppedToken(part: { readonly path: string; readonly opaque?: OpaqueToken | null }): void {
    if ((part.opaque ?? null) !== null)
      this.dropped(part.path, 'an opaque token means something to its provider alone');
  }

  warn(code: string, path: string, detail: string): void {
    this.#warnings.push({ code, path: callerPath(this.protocol, path), detail });
  }

  /**
   * For what may not vanish. `problem` completes "`field`: …", `wayOut` tells what the caller can do.
   * @throws GatewayError `unsupported_by_target`
   */
  refuse(field: string, problem: string, wayOut: string): never {
    const path = callerPath(this.protocol, field);
    throw new GatewayError(
      'unsupported_by_target',
      `\`${path}\` cannot be sent to ${this.target.label}: ${problem}. ${wayOut}`,
      { path },
    );
  }

  /**
   * Deals with every field no one has read. Returns the top-level ones that the target understands, since
   * it speaks the caller's protocol; all others are warned of. @throws GatewayError `unsupported_by_target`
   */
  settleLeftovers(request: CanonicalRequest, protocol: ProtocolId): Record<string, JsonText> {
    const restored: Record<string, JsonText> = {};
    for (const { path, raw, refusal } of request.leftovers) {
      if (request.protocol === protocol && !/[.[]/.test(path)) {
        restored[path] = new JsonText(raw.json);
      } else if (refusal !== null) {
        this.refuse(path, refusal, 'Remove it, or route the request to a model that supports it.');
      } else {
        this.dropped(path, 'has no counterpart at the target');
      }
    }
    return restored;
  }
}
