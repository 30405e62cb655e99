import type { ReplyContext } from '#translation';

/** What came of one use of one exchange. */
export interface Outcome {
  readonly check:
    'answer' | 'answer and back' | 'error' | 'request' | 'request and back' | 'passthrough';
  readonly client: string;
  readonly upstream: string;
  readonly isStreamed: boolean;
  readonly id: string;
  /** Each begins with the rule that was broken; empty for a pass. */
  readonly problems: readonly string[];
  /** The request was refused with a reason and a path instead of translated. */
  readonly isRefused?: boolean;
}

/** The same for every exchange, so that runs can be compared. */
export const replyContext: ReplyContext = {
  requestId: 'req_replay',
  model: 'replayed-model',
  createdAtSeconds: 1_700_000_000,
  includeUsage: true,
  estimatedInputTokens: 7,
};
