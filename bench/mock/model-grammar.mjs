/**
 * What the mock upstream shall answer is said by the model name, so that every gateway can be driven without
 * special headers: `mock-n<chunks>-g<gap ms>-s<text bytes>-j<json bytes>-d<delay ms>-t<tag>`, all parts optional.
 * The tag changes nothing; it lets the mock count one gateway's calls apart from the others'.
 *
 * @typedef {object} MockBehaviour
 * @property {number} chunkCount text chunks of a stream
 * @property {number} gapMs time between two chunks; 0 = back to back
 * @property {number} textBytes text bytes of one chunk
 * @property {number} jsonBytes size of a non-streaming answer's body
 * @property {number} delayMs wait before the first byte
 */

/** A chunk's text cannot be shorter than the send time it carries. */
const MINIMUM_TEXT_BYTES = 20;

/** @param {string} model @returns {MockBehaviour} */
export function parseModelName(model) {
  const behaviour = {
    chunkCount: 10,
    gapMs: 0,
    textBytes: MINIMUM_TEXT_BYTES,
    jsonBytes: 1024,
    delayMs: 0,
  };
  for (const [, letter, digits] of model.matchAll(/-([ngsjd])(\d+)(?=-|$)/g)) {
    const value = Number(digits);
    if (letter === 'n') behaviour.chunkCount = Math.min(value, 100_000);
    else if (letter === 'g') behaviour.gapMs = value;
    else if (letter === 's') behaviour.textBytes = Math.max(value, MINIMUM_TEXT_BYTES);
    else if (letter === 'j') behaviour.jsonBytes = value;
    else behaviour.delayMs = value;
  }
  return behaviour;
}
