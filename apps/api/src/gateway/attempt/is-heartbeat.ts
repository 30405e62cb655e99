const COLON = 0x3a;
/** Longer than what any engine sends to keep a connection alive. */
const LONGEST = 64;

/** True for a piece of an event stream that holds nothing but a comment. */
export function isHeartbeat(chunk: Buffer): boolean {
  if (chunk.length > LONGEST || chunk[0] !== COLON) return false;
  return chunk
    .toString('latin1')
    .split(/\r\n|\n|\r/)
    .every((line) => line === '' || line.startsWith(':'));
}
