import type { IncomingMessage } from 'node:http';

/** Is nothing of a request's body left to read? True before its `end` event, which comes only a tick after the last byte. */
export function isBodyRead({ complete, readableLength }: IncomingMessage): boolean {
  return complete && readableLength === 0;
}
