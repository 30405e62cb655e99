/**
 * Reads HTTP/1.1 answers from one keep-alive connection, whatever the pieces they arrive in. Body bytes are handed
 * on as ranges of the receive buffer, never copied.
 *
 * @typedef {object} ResponseListener
 * @property {(status: number) => void} onHead
 * @property {(buffer: Buffer, start: number, end: number) => void} onBody
 * @property {() => void} onEnd
 */

const HEAD_END = '\r\n\r\n';
const AWAITS_HEAD = 0;
const IN_SIZED_BODY = 1;
const AWAITS_CHUNK_SIZE = 2;
const IN_CHUNK = 3;
const AFTER_CHUNK = 4;
const IN_TRAILER = 5;

export class ResponseReader {
  /** @param {ResponseListener} listener */
  constructor(listener) {
    this.listener = listener;
    this.state = AWAITS_HEAD;
    this.bytesLeft = 0;
    this.line = '';
    /** @type {Buffer | null} */
    this.carry = null;
  }

  /** @param {Buffer} buffer @param {number} length bytes of the buffer that are new @throws {Error} on an answer that is not HTTP */
  feed(buffer, length) {
    let data = buffer;
    let end = length;
    if (this.carry !== null) {
      data = Buffer.concat([this.carry, buffer.subarray(0, length)]);
      end = data.length;
      this.carry = null;
    }
    let at = 0;
    while (at < end) {
      if (this.state === AWAITS_HEAD) {
        const headEnd = data.indexOf(HEAD_END, at, 'latin1');
        if (headEnd < 0 || headEnd + 4 > end) {
          this.carry = Buffer.from(data.subarray(at, end));
          return;
        }
        this.readHead(data.toString('latin1', at, headEnd));
        at = headEnd + 4;
      } else if (this.state === IN_SIZED_BODY || this.state === IN_CHUNK) {
        at = this.readBody(data, at, end);
      } else {
        at = this.readFraming(data, at, end);
      }
    }
  }

  /** @param {string} head */
  readHead(head) {
    const status = Number(head.slice(9, 12));
    if (!head.startsWith('HTTP/1.1 '))
      throw new Error(`not an HTTP/1.1 answer: ${head.slice(0, 40)}`);
    this.listener.onHead(status);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    if (length !== null) {
      this.bytesLeft = Number(length[1]);
      if (this.bytesLeft === 0) this.finish();
      else this.state = IN_SIZED_BODY;
    } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.state = AWAITS_CHUNK_SIZE;
    } else {
      throw new Error(`answer ${status} has neither content-length nor chunked coding`);
    }
  }

  /** @param {Buffer} data @param {number} at @param {number} end @returns {number} the position reached */
  readBody(data, at, end) {
    const stop = Math.min(end, at + this.bytesLeft);
    this.bytesLeft -= stop - at;
    this.listener.onBody(data, at, stop);
    if (this.bytesLeft === 0) {
      if (this.state === IN_SIZED_BODY) this.finish();
      else this.state = AFTER_CHUNK;
    }
    return stop;
  }

  /** Chunk sizes, the line end after a chunk, trailers: all are lines. @param {Buffer} data @param {number} at @param {number} end */
  readFraming(data, at, end) {
    const newline = data.indexOf(10, at);
    if (newline < 0 || newline >= end) {
      this.line += data.toString('latin1', at, end);
      return end;
    }
    const line = (this.line + data.toString('latin1', at, newline)).trimEnd();
    this.line = '';
    if (this.state === AFTER_CHUNK) {
      this.state = AWAITS_CHUNK_SIZE;
    } else if (this.state === AWAITS_CHUNK_SIZE) {
      this.bytesLeft = Number.parseInt(line, 16);
      if (Number.isNaN(this.bytesLeft)) throw new Error(`bad chunk size: ${line.slice(0, 40)}`);
      this.state = this.bytesLeft === 0 ? IN_TRAILER : IN_CHUNK;
    } else if (line === '') {
      this.finish();
    }
    return newline + 1;
  }

  finish() {
    this.state = AWAITS_HEAD;
    this.listener.onEnd();
  }
}
