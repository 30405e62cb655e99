import type { ClientProtocol, Protocol, ReplyContext, Restoration } from '#translation';

/** What it takes to turn an upstream's answer into the caller's. */
export interface AnswerTranslation {
  readonly upstream: Protocol;
  readonly client: ClientProtocol;
  readonly context: ReplyContext;
  /** What the request had to bend. */
  readonly restoration: Restoration;
}
