import type { OpaqueToken } from '../../canonical/content.js';
import type { CanonicalRequest } from '../../canonical/request.js';
import type { ErrorCode } from '../../errors/error-codes.js';
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

  /**
   * A hint that the target has no place for; of several fields, where they said it together.
   * @throws GatewayError `unsupported_by_target` where the route loses nothing (`strict`)
   */
  dropped(paths: string | readonly string[], detail: string): void {
    for (const path of typeof paths === 'string' ? [paths] : paths) {
      if (this.target.lossMode === 'strict') {
        this.refuse(path, detail, 'Remove it, or let the route drop what is a mere hint.');
      }
      this.warn('dropped', path, detail);
    }
  }

  /**
   * For what changes the answer and yet could be left out: refused, unless the route is lenient. The caller leaves it
   * out when this returns. @throws GatewayError `unsupported_by_target`
   */
  refuseOrDrop(path: string, problem: string, wayOut: string, code?: ErrorCode): void {
    if (this.target.lossMode !== 'lenient') this.refuse(path, problem, wayOut, code);
    this.warn('dropped', path, problem);
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
   * For what cannot be left out, whatever the route allows. `problem` completes "`field`: …", `wayOut` tells what the caller can do.
   * @throws GatewayError `unsupported_by_target`
   */
  refuse(
    field: string,
    problem: string,
    wayOut: string,
    code: ErrorCode = 'unsupported_by_target',
  ): never {
    const path = callerPath(this.protocol, field);
    throw new GatewayError(
      code,
      `\`${path}\` cannot be sent to ${this.target.label}: ${problem}. ${wayOut}`,
      { path },
    );
  }

  /**
   * Deals with every field no one has read. Returns the top-level ones that the target understands: all of them where
   * it speaks the caller's protocol, and the extras its server is known for.
   * @param placed paths of those that the encoder itself has found a place for
   * @throws GatewayError `unsupported_by_target`
   */
  settleLeftovers(
    request: CanonicalRequest,
    protocol: ProtocolId,
    placed: ReadonlySet<string> = new Set(),
  ): Record<string, JsonText> {
    const { extraFields, refusedFields } = this.target.capabilities;
    const refused: readonly string[] = refusedFields;
    const restored: Record<string, JsonText> = {};
    for (const { path, raw, refusal, code } of request.leftovers) {
      if (placed.has(path)) continue;
      const isOwn = request.protocol === protocol && !/[.[]/.test(path) && !refused.includes(path);
      if (isOwn || extraFields.includes(path)) {
        restored[path] = new JsonText(raw.json);
      } else if (refusal !== null) {
        this.refuseOrDrop(
          path,
          refusal,
          'Remove it, or route the request to a model that supports it.',
          code,
        );
      } else {
        this.dropped(path, 'has no counterpart at the target');
      }
    }
    return restored;
  }
}
