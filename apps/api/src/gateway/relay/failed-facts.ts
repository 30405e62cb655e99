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

/** The facts of an answer that cannot be read or told, with those that were `known` before. */
export function failedFacts(error: unknown, known = noFacts): AnswerFacts {
  const failure =
    error instanceof GatewayError
      ? error
      : new GatewayError(
          'upstream_invalid_response',
          'The upstream sent an answer that cannot be read.',
          { cause: error },
        );
  return { ...known, isComplete: false, error: failure };
}

export const answerTooLarge = new GatewayError(
  'upstream_too_large',
  'The upstream sent an answer of more than 64 MiB.',
);
