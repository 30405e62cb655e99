import { monotonicNs, sendTimeMark } from './monotonic-clock.mjs';

/**
 * @typedef {object} PacedStream
 * @property {import('node:net').Socket} socket
 * @property {import('./answers.mjs').StreamPieces} pieces
 * @property {number} gapMs
 * @property {number} chunksLeft
 * @property {number} dueMs next chunk, on the clock of performance.now()
 * @property {() => void} onDone called once the last byte is handed to the socket
 */

/** Streams due in the same millisecond; one timer drives them all, however many there are. @type {Map<number, PacedStream[]>} */
const due = new Map();
let openCount = 0;
let tickMs = 0;

/**
 * Starts a stream: its head and first chunk at once, then one chunk each gap, counted from the start so that a late
 * timer does not slow the pace.
 *
 * @param {Omit<PacedStream, 'dueMs'>} stream
 */
export function startStream(stream) {
  stream.socket.write(stream.pieces.head + textFrame(stream.pieces));
  stream.chunksLeft -= 1;
  if (stream.gapMs === 0) {
    writeBackToBack(stream);
    return;
  }
  const paced = { ...stream, dueMs: performance.now() + stream.gapMs };
  if (openCount === 0) {
    tickMs = Math.floor(performance.now());
    setTimeout(tick, 1);
  }
  openCount += 1;
  schedule(paced);
}

/** @param {import('./answers.mjs').StreamPieces} pieces */
function textFrame(pieces) {
  return pieces.before + sendTimeMark(monotonicNs()) + pieces.after;
}

/** @param {PacedStream} stream */
function schedule(stream) {
  const key = Math.max(tickMs + 1, Math.ceil(stream.dueMs));
  const list = due.get(key);
  if (list === undefined) due.set(key, [stream]);
  else list.push(stream);
}

function tick() {
  const nowMs = Math.floor(performance.now());
  while (tickMs < nowMs) {
    tickMs += 1;
    const list = due.get(tickMs);
    if (list === undefined) continue;
    due.delete(tickMs);
    for (const stream of list) advance(stream);
  }
  if (openCount > 0) setTimeout(tick, 1);
}

/** @param {PacedStream} stream */
function advance(stream) {
  if (stream.socket.destroyed) {
    openCount -= 1;
    return;
  }
  if (stream.chunksLeft > 0) {
    stream.chunksLeft -= 1;
    stream.socket.write(textFrame(stream.pieces));
    stream.dueMs += stream.gapMs;
    schedule(stream);
    return;
  }
  openCount -= 1;
  stream.socket.write(stream.pieces.end);
  stream.onDone();
}

/** Chunks without a gap: a few to a write, waiting for the reader whenever the socket is full. @param {Omit<PacedStream, 'dueMs'>} stream */
function writeBackToBack(stream) {
  const { socket, pieces } = stream;
  while (stream.chunksLeft > 0) {
    if (socket.destroyed) return;
    let text = '';
    for (let count = Math.min(8, stream.chunksLeft); count > 0; count -= 1) {
      text += textFrame(pieces);
      stream.chunksLeft -= 1;
    }
    if (!socket.write(text)) {
      socket.once('drain', () => writeBackToBack(stream));
      return;
    }
  }
  socket.write(pieces.end);
  stream.onDone();
}
