import { monotonicNs, SEND_TIME_DIGITS } from '../mock/monotonic-clock.mjs';

const MARK = new RegExp(`~(\\d{${SEND_TIME_DIGITS}})~`, 'g');
const LONGEST_MARK = SEND_TIME_DIGITS + 2;

/** Finds send times and the end mark in one answer stream, also where a read cuts them in two. */
export class StreamMeter {
  /** @param {(delayNs: number) => void} onChunk called for each text chunk with receive time minus send time */
  constructor(onChunk) {
    this.onChunk = onChunk;
    /** @type {string} */
    this.carry = '';
    this.chunkCount = 0;
    this.hasEnd = false;
    this.firstByteNs = 0;
  }

  reset() {
    this.carry = '';
    this.chunkCount = 0;
    this.hasEnd = false;
    this.firstByteNs = 0;
  }

  /** @param {Buffer} buffer @param {number} start @param {number} end */
  read(buffer, start, end) {
    const nowNs = monotonicNs();
    if (this.firstByteNs === 0) this.firstByteNs = nowNs;
    const text = this.carry + buffer.toString('latin1', start, end);
    let searched = 0;
    MARK.lastIndex = 0;
    for (let match = MARK.exec(text); match !== null; match = MARK.exec(text)) {
      searched = MARK.lastIndex;
      this.chunkCount += 1;
      this.onChunk(nowNs - Number(match[1]));
    }
    if (!this.hasEnd) this.hasEnd = text.includes('[DONE]') || text.includes('message_stop');
    this.carry = text.slice(Math.max(searched, text.length - LONGEST_MARK));
  }
}
