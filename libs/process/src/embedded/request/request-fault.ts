interface FaultDetails {
  readonly status?: number;
  /** Further fields of the error object, such as the context size that was exceeded. */
  readonly facts?: Readonly<Record<string, number>>;
}

/** A request that the engine refuses, in the words and codes of OpenAI's API. */
export class RequestFault extends Error {
  constructor(
    message: string,
    readonly param: string | null,
    readonly code: string = 'invalid_request',
    details: FaultDetails = {},
  ) {
    super(message);
    this.status = details.status ?? 400;
    this.facts = details.facts ?? {};
  }

  readonly status: number;
  readonly facts: Readonly<Record<string, number>>;
}

/** The body of an error answer. */
export function errorBody(
  message: string,
  type: string,
  details: {
    param?: string | null;
    code?: string | null;
    facts?: Readonly<Record<string, number>>;
  } = {},
): string {
  return JSON.stringify({
    error: {
      message,
      type,
      param: details.param ?? null,
      code: details.code ?? null,
      ...details.facts,
    },
  });
}
