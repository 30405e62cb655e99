/** A request that the engine refuses, in the words and codes of OpenAI's API. */
export class RequestFault extends Error {
  constructor(
    message: string,
    readonly param: string | null,
    readonly code: string = 'invalid_request',
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The body of an error answer. */
export function errorBody(
  message: string,
  type: string,
  details: { param?: string | null; code?: string | null } = {},
): string {
  return JSON.stringify({
    error: { message, type, param: details.param ?? null, code: details.code ?? null },
  });
}
