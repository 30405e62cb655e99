import { parseSse } from '../../support/read-sse.js';
import {
  listOf,
  objectOf,
  parseObject,
  type Json,
} from '../../support/stream-grammar/rule-book.js';
import {
  counted,
  noCounts,
  textOf,
  type AnswerReading,
  type Counts,
  type FinishClass,
} from './answer-meaning.js';

const nothingSaid = {
  reasoning: '',
  refusal: '',
  calls: [],
  stopString: null,
  citedUrls: [],
  choiceCount: 1,
} as const;

/** Reads legacy completions, whole or streamed, as far as usage and finish go. */
export function readOpenaiCompletions(body: string, isStreamed: boolean): AnswerReading {
  const chunks = isStreamed
    ? parseSse(body)
        .filter(({ data }) => data !== '[DONE]')
        .map(({ data }) => parseObject(data))
    : [parseObject(body)];
  const error = chunks.find((chunk) => (chunk['error'] ?? null) !== null);
  if (error !== undefined) return { failure: JSON.stringify(error) };
  const choices = chunks.flatMap((chunk) => listOf(chunk['choices']));
  const word = choices.findLast((choice) => textOf(choice['finish_reason']) !== '');
  if (word === undefined) return { failure: 'no finish' };
  return {
    ...nothingSaid,
    text: choices.map((choice) => textOf(choice['text'])).join(''),
    finish: finishes[textOf(word['finish_reason'])] ?? 'stop',
    usage: usageOf(chunks),
  };
}

const finishes: Readonly<Record<string, FinishClass>> = {
  length: 'length',
  content_filter: 'filter',
};

/** Reads the usage of embeddings, which have no output and no finish. */
export function readOpenaiEmbeddings(body: string): AnswerReading {
  const answer = parseObject(body);
  if ((answer['error'] ?? null) !== null) return { failure: JSON.stringify(answer['error']) };
  const usage = { ...usageOf([answer]), output: 0 };
  return { ...nothingSaid, text: '', finish: 'stop', usage };
}

function usageOf(chunks: readonly Json[]): Counts {
  const last = chunks.findLast((chunk) => (chunk['usage'] ?? null) !== null);
  if (last === undefined) return noCounts;
  const usage = objectOf(last['usage']);
  return {
    ...noCounts,
    input: counted(usage['prompt_tokens']),
    output: counted(usage['completion_tokens']),
  };
}
