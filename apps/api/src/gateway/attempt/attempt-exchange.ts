import {
  UpstreamCall,
  type EgressClient,
  type UpstreamHeaders,
  type UpstreamListener,
} from '#adapters';
import { GatewayError, type AnswerFacts } from '#translation';
import { performance } from 'node:perf_hooks';
import type { AttemptJob } from './attempt-job.js';
import type { LaneStop } from './attempt-lane.js';
import { noFacts } from '../relay/failed-facts.js';
import type { Output } from '../relay/relay.js';
import { isHeartbeat } from './is-heartbeat.js';
import { UpstreamErrorBody } from './failure/upstream-error-body.js';

/** How a dispatch ended, as far as the next step depends on it. */
export interface ExchangeResult {
  readonly facts: AnswerFacts;
  /** Null when the answer is complete. */
  readonly error: GatewayError | null;
  /** Was it ended from outside: by the caller's leaving, or by another attempt that was faster? */
  readonly isCancelled: boolean;
  /** Whether the upstream answered at all: without an answer nobody knows what it billed. */
  readonly sawHead: boolean;
  /** A whole answer that is not sent yet, so that its cost can go into the headers. */
  readonly pendingOutput: Output;
  /** Has any of the answer been sent to the caller? */
  readonly hasBegun: boolean;
  readonly headers: UpstreamHeaders;
}

/** How long a broken connection to a local engine waits for the news that the engine has ended. */
const engineExitGraceMs = 150;

/**
 * One dispatch: passes the answer on as it comes, holds it back until the first event proves it real (the commit
 * point), stops the upstream the moment the caller leaves, and lets a slow caller slow the upstream down.
 */
export class AttemptExchange implements UpstreamListener {
  private readonly upstream = new UpstreamCall(this);
  private held: Buffer[] = [];
  private errorBody: UpstreamErrorBody | null = null;
  private headers: UpstreamHeaders = {};
  private resolve!: (result: ExchangeResult) => void;
  private isOver = false;
  private hasBegun = false;
  /** When a local engine last sent more than a heartbeat; null before it did. */
  private lastWordMs: number | null = null;
  /** A request that never left cannot have cost anything. */
  private wasSent = false;

  constructor(
    private readonly job: AttemptJob,
    /** Called before the first byte of a streamed answer: sends status and headers. */
    private readonly begin: (job: AttemptJob, upstreamHeaders: UpstreamHeaders) => void,
  ) {}

  run(egress: EgressClient): Promise<ExchangeResult> {
    const { job } = this;
    const done = new Promise<ExchangeResult>((resolve) => (this.resolve = resolve));
    job.lost?.addEventListener('abort', this.onLost, { once: true });
    job.lane.onStop((stop) => this.interrupt(stop));
    if (!this.isOver) {
      this.wasSent = true;
      this.upstream.start(egress, job);
    }
    return done;
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.job.record.httpStatus = status;
    this.headers = headers;
    if (status >= 300) {
      this.errorBody = new UpstreamErrorBody(status, headers);
      return;
    }
    const fault = this.findHeadFault(headers);
    if (fault !== null) this.abandon(fault);
  }

  onData(chunk: Buffer): boolean {
    if (this.errorBody !== null) {
      this.errorBody.add(chunk);
      return true;
    }
    const { relay } = this.job;
    if (this.job.witness !== null && this.isStalled(chunk)) return true;
    const output = relay.push(chunk);
    if (!this.hasBegun) {
      const { error } = relay.facts;
      if (error !== null) {
        // it said itself that it gave up
        this.upstream.abort();
        this.finish(error, null);
        return true;
      }
    }
    return output === null || this.pass(output);
  }

  /** An engine that only keeps the connection alive is as silent as one that sends nothing. */
  private isStalled(chunk: Buffer): boolean {
    const now = performance.now();
    if (!isHeartbeat(chunk)) {
      this.lastWordMs = now;
      return false;
    }
    const { idleMs } = this.job.timeouts;
    if (this.lastWordMs === null || now - this.lastWordMs < idleMs) return false;
    this.upstream.abort();
    const seconds = Math.round(idleMs / 1000);
    const message = `The local engine sent nothing but heartbeats for ${seconds} s in the middle of its answer.`;
    this.onError(new GatewayError('upstream_timeout', message));
    return true;
  }

  onEnd(): void {
    if (this.errorBody !== null) {
      this.finish(this.errorBody.toError(this.job), null);
      return;
    }
    const { relay, call } = this.job;
    const tail = relay.end();
    const { facts } = relay;
    const error = facts.error ?? (facts.isComplete ? null : incomplete(call.record.isStream));
    if (!call.record.isStream) {
      this.finish(error, error === null ? tail : null);
      return;
    }
    if (tail !== null && error === null) this.pass(tail);
    else if (tail !== null && this.hasBegun) call.reply.write(tail);
    this.finish(error, null);
  }

  onError(error: GatewayError): void {
    if (this.errorBody !== null) {
      this.finish(this.errorBody.toError(this.job), null);
      return;
    }
    // a long prompt is silent for good reasons; an answer that has begun is not
    if (error.code === 'upstream_timeout' && this.upstream.sawHead) this.job.witness?.reportStall();
    // our side ended it, and the engine may not have noticed
    if (error.code === 'upstream_timeout') this.job.witness?.reportAbandoned();
    // what was held back is still an answer begun: tell it from one that never came
    this.job.relay.end();
    // a dying engine breaks its socket a moment before its exit is known; the exit explains more
    if (this.job.lost === null) this.finish(error, null);
    else setTimeout(() => this.finish(error, null), engineExitGraceMs);
  }

  /** The caller left, another target was faster, or the gateway must stop: the upstream must know within moments. */
  private interrupt(stop: LaneStop): void {
    if (stop === 'gateway stops') {
      this.abandon(
        new GatewayError(
          'shutting_down',
          'The gateway was stopped before the answer was complete.',
        ),
      );
      return;
    }
    this.cutOff();
    this.finish(
      new GatewayError(
        'request_cancelled',
        stop === 'caller left'
          ? this.job.call.reply.departure
          : 'Another target began to answer first.',
        { details: { wasSent: this.wasSent } },
      ),
      null,
      true,
    );
  }

  private readonly onLost = (): void => {
    this.abandon(
      new GatewayError('engine_crashed', 'The local engine stopped while it was answering.'),
    );
  };

  private abandon(error: GatewayError): void {
    this.cutOff();
    this.finish(error, null);
  }

  /** Ends what is under way; one that only sends its error has no work left. */
  private cutOff(): void {
    const isCut = this.upstream.abort();
    if (isCut && this.wasSent && this.errorBody === null) this.job.witness?.reportAbandoned();
  }

  private pass(output: Buffer | string): boolean {
    const { call, relay, record } = this.job;
    if (!this.hasBegun) {
      if (!relay.isReady) {
        this.held.push(Buffer.from(output as string));
        return true;
      }
      this.hasBegun = true;
      record.firstTokenMs = record.elapsedMs(performance.now());
      call.reply.onDrain(() => this.upstream.resume());
      this.begin(this.job, this.headers);
      for (const piece of this.held) call.reply.write(piece);
      this.held = [];
    }
    return call.reply.write(output);
  }

  private findHeadFault(headers: UpstreamHeaders): GatewayError | null {
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      return new GatewayError(
        'upstream_invalid_response',
        'The upstream compressed its answer although it was asked not to.',
      );
    }
    const type = String(headers['content-type'] ?? '');
    const wanted = this.job.call.record.isStream ? /event-stream/i : /json/i;
    if (wanted.test(type)) return null;
    return new GatewayError(
      'upstream_invalid_response',
      `The upstream answered with ${type === '' ? 'no content type' : `\`${type.slice(0, 60)}\``} where ${this.job.call.record.isStream ? 'an event stream' : 'JSON'} was expected.`,
    );
  }

  private finish(error: GatewayError | null, pendingOutput: Output, isCancelled = false): void {
    if (this.isOver) return;
    this.isOver = true;
    const { call, lane, lost, relay, witness } = this.job;
    if (error === null) witness?.reportAnswer();
    lane.onStop(null);
    if (this.hasBegun) call.reply.onDrain(null);
    lost?.removeEventListener('abort', this.onLost);
    this.resolve({
      facts: this.errorBody === null ? relay.facts : noFacts,
      error,
      isCancelled,
      sawHead: this.upstream.sawHead,
      pendingOutput,
      hasBegun: this.hasBegun,
      headers: this.headers,
    });
  }
}

function incomplete(isStream: boolean): GatewayError {
  return new GatewayError(
    isStream ? 'upstream_stream_interrupted' : 'upstream_invalid_response',
    isStream
      ? 'The upstream ended its stream without saying that the answer is finished.'
      : 'The upstream sent an answer that is not complete.',
  );
}
