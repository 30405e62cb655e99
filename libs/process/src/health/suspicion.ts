/** Why an engine is doubted: an answer fell silent, it did not answer a look at it, or it made no token. */
export type SuspicionCause = 'stalled' | 'unresponsive' | 'no-token';

const doubts: Readonly<Record<SuspicionCause, string>> = {
  stalled: 'An answer fell silent before its end.',
  unresponsive: 'It did not answer when it was looked at.',
  'no-token': 'It answered, but did not generate a token.',
};

/** The doubt in words. */
export function describeSuspicion(cause: SuspicionCause): string {
  return `${doubts[cause]} It gets no new requests while it is being tried; if it keeps failing, it is stopped.`;
}
