import { monotonicNs } from '../mock/monotonic-clock.mjs';
import { ClientConnection } from './client-connection.mjs';
import { LatencyHistogram } from './latency-histogram.mjs';
import { httpRequest, requestBody } from './request-body.mjs';

const MAXIMUM_OPEN_LOOP_CONNECTIONS = 512;
/** A gateway that refuses at once must not turn the closed loop into a busy loop. */
const PAUSE_AFTER_ERROR_MS = 20;

/** Sends one kind of request and keeps count. Measures only while `isMeasuring`. */
export class RequestSource {
  /** @param {number} port @param {import('./job.mjs').RequestPlan} plan */
  constructor(port, plan) {
    const isStream = plan.streamChunks !== null;
    const body = requestBody({ ...plan, isStream });
    this.bytes = httpRequest({ path: plan.path, headers: plan.headers, body });
    this.address = { host: '127.0.0.1', port };
    this.expectedChunks = plan.streamChunks;
    this.isOpenLoop = false;
    this.isMeasuring = false;
    this.isStopped = false;
    /** Requests of an open loop are judged by the time they were meant for, however late their answer is. */
    this.measuredFromNs = 0;
    this.measuredToNs = Number.POSITIVE_INFINITY;
    this.latency = new LatencyHistogram();
    this.firstByte = new LatencyHistogram();
    this.delivery = new LatencyHistogram();
    this.counts = {
      answered: 0,
      answeredInAll: 0,
      errors: 0,
      problems: /** @type {Record<string, number>} */ ({}),
      unfinished: 0,
    };
    /** @type {ClientConnection[]} */
    this.connections = [];
    /** @type {ClientConnection[]} */
    this.idle = [];
    /** @type {number[]} */
    this.waiting = [];
    this.openCount = 0;
  }

  newConnection() {
    const connection = new ClientConnection(this.address, {
      expectedChunks: this.expectedChunks,
      onChunk: (delayNs) => {
        if (this.isMeasuring) this.delivery.record(delayNs);
      },
    });
    this.connections.push(connection);
    return connection;
  }

  /** @param {import('./client-connection.mjs').Outcome} outcome */
  count(outcome) {
    this.openCount -= 1;
    if (!outcome.isOk) {
      this.counts.errors += 1;
      const problem = outcome.problem ?? 'unknown';
      this.counts.problems[problem] = (this.counts.problems[problem] ?? 0) + 1;
      return;
    }
    this.counts.answeredInAll += 1;
    if (this.isMeasuring) this.counts.answered += 1;
    const { startedNs } = outcome;
    const isOwn = this.isOpenLoop
      ? this.measuredFromNs > 0 && startedNs >= this.measuredFromNs && startedNs < this.measuredToNs
      : this.isMeasuring;
    if (!isOwn) return;
    this.latency.record(outcome.finishedNs - startedNs);
    if (this.expectedChunks !== null) this.firstByte.record(outcome.firstByteNs - startedNs);
  }

  /** @param {boolean} isMeasuring @param {number} nowNs */
  setMeasuring(isMeasuring, nowNs) {
    this.isMeasuring = isMeasuring;
    if (isMeasuring) this.measuredFromNs = nowNs;
    else this.measuredToNs = nowNs;
  }

  /** @param {{ connections: number, spreadMs: number, once: boolean }} how */
  startClosedLoop({ connections, spreadMs, once }) {
    const startedMs = performance.now();
    let started = 0;
    const startDue = () => {
      const share = spreadMs === 0 ? 1 : Math.min(1, (performance.now() - startedMs) / spreadMs);
      const wanted = Math.max(1, Math.floor(share * connections));
      for (; started < wanted && !this.isStopped; started += 1)
        this.cycle(this.newConnection(), once);
      if (started < connections && !this.isStopped) setTimeout(startDue, 1);
    };
    startDue();
  }

  /** @param {ClientConnection} connection @param {boolean} once */
  cycle(connection, once) {
    if (this.isStopped) return;
    this.openCount += 1;
    connection.send(this.bytes, monotonicNs(), (outcome) => {
      this.count(outcome);
      if (once) return;
      if (outcome.isOk) this.cycle(connection, once);
      else setTimeout(() => this.cycle(connection, once), PAUSE_AFTER_ERROR_MS);
    });
  }

  /** One request of an open loop; waits for a free connection without losing its intended time. @param {number} dueNs */
  sendAt(dueNs) {
    this.isOpenLoop = true;
    const connection =
      this.idle.pop() ??
      (this.connections.length < MAXIMUM_OPEN_LOOP_CONNECTIONS ? this.newConnection() : undefined);
    if (connection === undefined) {
      this.waiting.push(dueNs);
      return;
    }
    this.openCount += 1;
    connection.send(this.bytes, dueNs, (outcome) => {
      this.count(outcome);
      this.idle.push(connection);
      const next = this.waiting.shift();
      if (next !== undefined) this.sendAt(next);
    });
  }

  get isFinished() {
    return this.openCount === 0 && this.waiting.length === 0;
  }

  /** A closed loop sends nothing new; what is under way or waits for a connection may finish. */
  stop() {
    this.isStopped = true;
  }

  close() {
    this.counts.unfinished = this.openCount + this.waiting.length;
    this.waiting = [];
    for (const connection of this.connections) connection.close();
  }
}
