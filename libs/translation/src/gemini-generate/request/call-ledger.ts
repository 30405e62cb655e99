import { GatewayError } from '../../errors/gateway-error.js';

/**
 * Ids for the calls of a history, most of which have none: the same history always gives the same ones. A result
 * belongs to the call with its id or, without one, to the first unanswered call of its name.
 */
export class CallLedger {
  readonly #taken = new Set<string>();
  #open: { readonly id: string; readonly name: string }[] = [];
  #count = 0;

  call(id: string | null, name: string): string {
    this.#count += 1;
    const own = id ?? this.#freshId();
    this.#taken.add(own);
    this.#open.push({ id: own, name });
    return own;
  }

  /** @throws GatewayError `invalid_request` for a result that answers nothing */
  result(id: string | null, name: string, path: string): string {
    const byId = this.#open.findIndex((call) => call.id === id);
    const at = byId === -1 ? this.#open.findIndex((call) => call.name === name) : byId;
    const found = this.#open[at];
    if (found === undefined) {
      if (id !== null) return id;
      throw new GatewayError(
        'invalid_request',
        `\`${path}\` answers no function call: no earlier call of "${name}" waits for a result.`,
        { path },
      );
    }
    this.#open.splice(at, 1);
    return found.id;
  }

  #freshId(): string {
    let id = `call_${this.#count}`;
    for (let copy = 2; this.#taken.has(id); copy += 1) id = `call_${this.#count}_${copy}`;
    return id;
  }
}
