import type { Answer } from './compose-answer.js';
import type { UpstreamRequest } from './upstream-request.js';

/** A piece of an answer that is written at once, and how many output tokens it carries. */
export interface Frame {
  readonly text: string;
  readonly tokens: number;
}

export interface AnswerContext {
  readonly request: UpstreamRequest;
  /** Number of the request, for ids. */
  readonly index: number;
}

/** How one provider puts answers and errors on the wire. */
export interface Dialect {
  headers(index: number): Readonly<Record<string, string>>;
  json(answer: Answer, context: AnswerContext): string;
  frames(answer: Answer, context: AnswerContext): Frame[];
  errorBody(status: number, message: string): string;
  errorFrame(message: string): Frame;
  contextTooLongBody(request: UpstreamRequest): string;
  modelList(models: readonly string[]): string;
}
