import { GatewayError } from '../../errors/gateway-error.js';

/** Ids for calls of the form before tools, which had none: a result names the function alone. */
export class FunctionCallIds {
  readonly #open: { readonly id: string; readonly name: string }[] = [];
  #count = 0;

  called(name: string): string {
    const id = `call_function_${this.#count}`;
    this.#count += 1;
    this.#open.push({ id, name });
    return id;
  }

  /** The id of the latest unanswered call. @throws GatewayError `invalid_request` */
  answered(name: string, path: string): string {
    const at = this.#open.findLastIndex((call) => call.name === name);
    const [call] = at === -1 ? [] : this.#open.splice(at, 1);
    if (call !== undefined) return call.id;
    throw new GatewayError(
      'invalid_request',
      `\`${path}\` is "${name}", but no earlier assistant message calls that function.`,
      { path },
    );
  }
}
