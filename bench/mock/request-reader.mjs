/**
 * Reads HTTP/1.1 requests from one keep-alive connection. Just enough for the clients of a benchmark: it looks at
 * the method, the path, the body's length and the few body fields the mock needs.
 *
 * @typedef {{ method: string, path: string, model: string, isStream: boolean, wantsUsage: boolean }} MockRequest
 */

const HEAD_END = Buffer.from('\r\n\r\n');
const MODEL = /"model"\s*:\s*"([^"]*)"/;
const STREAM = /"stream"\s*:\s*true/;
const USAGE = /"include_usage"\s*:\s*true/;
/** Of a larger body only both ends are searched: a scan of 20 MB would cost the mock more than the answer. */
const WINDOW_BYTES = 16_384;

export class RequestReader {
  /** @param {(request: MockRequest) => void} onRequest */
  constructor(onRequest) {
    this.onRequest = onRequest;
    /** @type {Buffer | null} */
    this.carry = null;
    this.inBody = false;
    this.method = '';
    this.path = '';
    this.bodyBytesLeft = 0;
    this.isChunked = false;
    /** @type {Buffer[]} */
    this.pieces = [];
  }

  /** @param {Buffer} chunk */
  feed(chunk) {
    let data = this.carry === null ? chunk : Buffer.concat([this.carry, chunk]);
    this.carry = null;
    while (data.length > 0) {
      if (!this.inBody) {
        const end = data.indexOf(HEAD_END);
        if (end < 0) {
          this.carry = data;
          return;
        }
        this.readHead(data.toString('latin1', 0, end));
        data = data.subarray(end + 4);
      }
      const used = this.isChunked ? this.readChunked(data) : this.readSized(data);
      if (used < 0) {
        this.carry = data;
        return;
      }
      data = data.subarray(used);
    }
  }

  /** @param {string} head */
  readHead(head) {
    const pathStart = head.indexOf(' ') + 1;
    this.method = head.slice(0, pathStart - 1);
    this.path = head.slice(pathStart, head.indexOf(' ', pathStart));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    this.isChunked = length === null && /\r\ntransfer-encoding: *chunked/i.test(head);
    this.bodyBytesLeft = length === null ? 0 : Number(length[1]);
    this.inBody = true;
    if (!this.isChunked && this.bodyBytesLeft === 0) this.finish();
  }

  /** @param {Buffer} data @returns {number} bytes used */
  readSized(data) {
    if (!this.inBody) return 0;
    const used = Math.min(this.bodyBytesLeft, data.length);
    this.pieces.push(used === data.length ? data : data.subarray(0, used));
    this.bodyBytesLeft -= used;
    if (this.bodyBytesLeft === 0) this.finish();
    return used;
  }

  /** @param {Buffer} data @returns {number} bytes used, -1 = the frame is not complete yet */
  readChunked(data) {
    const lineEnd = data.indexOf('\r\n');
    if (lineEnd < 0) return -1;
    const size = Number.parseInt(data.toString('latin1', 0, lineEnd), 16);
    const frameEnd = lineEnd + 2 + size + 2;
    if (data.length < frameEnd) return -1;
    if (size === 0) this.finish();
    else this.pieces.push(data.subarray(lineEnd + 2, frameEnd - 2));
    return frameEnd;
  }

  finish() {
    const text = bodyWindow(this.pieces);
    this.pieces = [];
    this.inBody = false;
    const model = MODEL.exec(text);
    this.onRequest({
      method: this.method,
      path: this.path,
      model: model?.[1] ?? '',
      isStream: STREAM.test(text),
      wantsUsage: USAGE.test(text),
    });
  }
}

/** @param {Buffer[]} pieces @returns {string} the body, or both ends of a long one */
function bodyWindow(pieces) {
  const [first] = pieces;
  if (first === undefined) return '';
  if (pieces.length === 1 && first.length <= 2 * WINDOW_BYTES) return first.toString('latin1');
  const last = pieces[pieces.length - 1] ?? first;
  return (
    first.toString('latin1', 0, Math.min(first.length, WINDOW_BYTES)) +
    last.toString('latin1', Math.max(0, last.length - WINDOW_BYTES), last.length)
  );
}
