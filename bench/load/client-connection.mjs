import { connect } from 'node:net';
import { monotonicNs } from '../mock/monotonic-clock.mjs';
import { ResponseReader } from './response-reader.mjs';
import { StreamMeter } from './stream-meter.mjs';

/** One buffer for all sockets: each read is used up before the next one is made. */
const RECEIVE_BUFFER = Buffer.allocUnsafe(256 * 1024);

/**
 * @typedef {object} Outcome of one request
 * @property {boolean} isOk 200, complete, with the chunks and end mark it should have
 * @property {string} [problem] why not
 * @property {number} startedNs
 * @property {number} finishedNs
 * @property {number} firstByteNs first byte of the body; 0 without a body
 */

/** One keep-alive connection with at most one request under way. */
export class ClientConnection {
  /**
   * @param {{ host: string, port: number }} address
   * @param {{ expectedChunks: number | null, onChunk: (delayNs: number) => void }} stream `expectedChunks` null = JSON answers
   */
  constructor(address, stream) {
    this.address = address;
    this.expectedChunks = stream.expectedChunks;
    this.meter = new StreamMeter(stream.onChunk);
    /** @type {import('node:net').Socket | null} */
    this.socket = null;
    /** @type {((outcome: Outcome) => void) | null} */
    this.onOutcome = null;
    this.startedNs = 0;
    this.status = 0;
  }

  get isBusy() {
    return this.onOutcome !== null;
  }

  /**
   * @param {Buffer} request the whole HTTP request
   * @param {number} startedNs the time latency is counted from
   * @param {(outcome: Outcome) => void} onOutcome
   */
  send(request, startedNs, onOutcome) {
    this.onOutcome = onOutcome;
    this.startedNs = startedNs;
    this.status = 0;
    this.meter.reset();
    this.socket ??= this.open();
    this.socket.write(request);
  }

  open() {
    const reader = new ResponseReader({
      onHead: (status) => {
        this.status = status;
      },
      onBody: (buffer, start, end) => {
        if (this.expectedChunks !== null) this.meter.read(buffer, start, end);
      },
      onEnd: () => this.finish(this.verdict()),
    });
    const socket = connect({
      ...this.address,
      noDelay: true,
      onread: {
        buffer: RECEIVE_BUFFER,
        callback: (length) => {
          try {
            reader.feed(RECEIVE_BUFFER, length);
          } catch (error) {
            this.fail(socket, error instanceof Error ? error.message : String(error));
          }
          return true;
        },
      },
    });
    socket.on('error', (error) => this.fail(socket, error.message));
    socket.on('close', () => this.fail(socket, 'connection closed before the answer was complete'));
    return socket;
  }

  /** @returns {string | undefined} */
  verdict() {
    if (this.status !== 200) return `status ${this.status}`;
    if (this.expectedChunks === null) return undefined;
    if (!this.meter.hasEnd) return 'stream without end mark';
    const { chunkCount } = this.meter;
    return chunkCount === this.expectedChunks
      ? undefined
      : `${chunkCount} of ${this.expectedChunks} chunks`;
  }

  /** @param {string | undefined} problem */
  finish(problem) {
    const { onOutcome } = this;
    if (onOutcome === null) return;
    this.onOutcome = null;
    onOutcome({
      isOk: problem === undefined,
      ...(problem === undefined ? {} : { problem }),
      startedNs: this.startedNs,
      finishedNs: monotonicNs(),
      firstByteNs: this.meter.firstByteNs,
    });
  }

  /** @param {import('node:net').Socket} socket @param {string} problem */
  fail(socket, problem) {
    if (this.socket !== socket) return;
    this.socket = null;
    socket.destroy();
    this.finish(problem);
  }

  close() {
    const { socket } = this;
    this.socket = null;
    this.onOutcome = null;
    socket?.destroy();
  }
}
