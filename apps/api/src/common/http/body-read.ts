import type { IncomingMessage } from 'node:http';

const bodyReadSymbol = Symbol('body read');

interface WithMark {
  [bodyReadSymbol]?: true;
}

/** Notes that all of the body was taken, which the stream itself finds out later. */
export function noteBodyRead(raw: IncomingMessage): void {
  (raw as WithMark)[bodyReadSymbol] = true;
}

/** Is nothing of the body left on the connection? */
export function isBodyRead(raw: IncomingMessage): boolean {
  return raw.readableEnded || (raw as WithMark)[bodyReadSymbol] === true;
}
