import type { EditableBody } from '#adapters';
import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { mustStay, planAttempts } from '../routing/plan-attempts.js';
import { readMaxCostNanos } from '../routing/read-max-cost.js';
import { readPatienceMs } from '../routing/read-patience.js';
import { RouteCatalog } from '../routing/route-catalog.service.js';
import { AdmissionService } from '../usage/admission.service.js';
import type { RequestJob } from './attempt/attempt-job.js';
import { AttemptRunner } from './attempt/attempt-runner.js';
import { DrainState } from './drain-state.js';
import type { InferenceCall } from './inference-call.js';
import { refuseLoops } from './loop-guard.js';
import { readRequestBody } from './read-request-body.js';
import { replyWithError } from './reply/reply-with-error.js';

/**
 * THE LINE: one request from its first byte to its last. Before it, the guard has authenticated the key and the
 * interceptor has opened the record; after it, the interceptor accounts and audits.
 */
@Injectable()
export class GatewayService {
  constructor(
    private readonly drain: DrainState,
    private readonly routes: RouteCatalog,
    private readonly admission: AdmissionService,
    private readonly attempts: AttemptRunner,
  ) {}

  /** Resolves when the answer, or the error, has been handed to the caller's socket. Never rejects. */
  async handle(call: InferenceCall): Promise<void> {
    let body: EditableBody | null = null;
    try {
      this.drain.assertOpen();
      refuseLoops(call.request.headers);
      body = await readRequestBody(call.request);
      const bytes = body.original;
      const envelope = call.protocol.readEnvelope(bytes, call.address);
      call.record.requestedModel = envelope.model;
      call.record.isStream = envelope.stream;
      const route = this.routes.resolve(envelope.model, call.key);
      call.record.routeId = route.id;
      call.record.routeName = route.name;
      const targets = planAttempts(route, call.key);
      const patienceMs = readPatienceMs(call.request.headers, route.waiting.maxWaitMs);
      const maxCostNanos = readMaxCostNanos(call.request.headers);
      this.admission.enter(call.key);
      try {
        const size = { bodyBytes: bytes.length, maxOutputTokens: envelope.maxOutputTokens };
        const lossMode = call.key.lossMode ?? route.lossMode;
        const apiVersion = call.request.headers['anthropic-version']?.toString() ?? null;
        const job: RequestJob = {
          call,
          body,
          envelope,
          size,
          lossMode,
          apiVersion,
          isPrivate: mustStay(route, call.key),
          waiting: route.waiting,
          patienceMs,
          payers: { key: call.key, route },
          maxCostNanos,
        };
        await this.attempts.run(job, targets);
      } finally {
        this.admission.leave(call.key);
      }
      await call.reply.closed();
    } catch (error) {
      replyWithError(call, asGatewayError(error));
      await call.reply.closed();
    } finally {
      body?.release();
    }
  }
}

function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError(
    'internal_error',
    'The gateway failed in a way it did not expect. The request id leads to the cause in its log.',
    { cause: error },
  );
}
