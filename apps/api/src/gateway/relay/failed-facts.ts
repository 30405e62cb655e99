import { GatewayError, unknownUsage, type AnswerFacts } from '#translation';

/** What is known before anything arrived. */
export const noFacts: AnswerFacts = {
  usage: unknownUsage,
  finishReason: null,
  isComplete: false,
  error: null,
  outputChars: 0,
  model: null,
};

/** The facts of an answer that cannot be read. */
export function failedFacts(error: unknown): AnswerFacts {
  const failure =
    error instanceof GatewayError
      ? error
      : new GatewayError(
          'upstream_invalid_response',
          'The upstream sent an answer that cannot be read.',
          { cause: error },
        );
  return { ...noFacts, error: failure };
}

export const answerTooLarge = new GatewayError(
  'upstream_too_large',
  'The upstream sent an answer of more than 64 MiB.',
);
