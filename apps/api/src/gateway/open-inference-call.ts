import type { ExecutionContext } from '@nestjs/common';
import { wireProtocols } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyOf } from '../access/principal.js';
import type { RequestJournal } from '../audit/request-journal.service.js';
import { protocolOfRequest } from '../common/http/inference-path.js';
import { readGeminiAddress, wantsJsonArray } from './gemini/gemini-address.js';
import { ClientReply } from './reply/client-reply.js';
import { JsonArrayReply } from './reply/json-array-reply.js';
import type { InferenceCall } from './inference-call.js';

const callSymbol = Symbol('inference call');

interface WithCall {
  [callSymbol]?: InferenceCall;
}

/** Opens the call of a request: its record, its reply and the protocol that its path speaks. */
export function inferenceCallOf(context: ExecutionContext, journal: RequestJournal): InferenceCall {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const reply = http.getResponse<FastifyReply>();
  const protocol = wireProtocols[protocolOfRequest(request)];
  const address = protocol.id === 'gemini-generate' ? readGeminiAddress(request.url) : null;
  const isArray = address?.stream === true && wantsJsonArray(request.url);
  const key = keyOf(request);
  // from here on the line writes to the socket itself
  reply.hijack();
  const call: InferenceCall = {
    protocol,
    address,
    request,
    reply: isArray ? new JsonArrayReply(reply.raw) : new ClientReply(reply.raw),
    key,
    record: journal.open(request.id, key, protocol.id),
  };
  (request as WithCall)[callSymbol] = call;
  return call;
}

/** The call that the interceptor opened. */
export function openedCall(request: FastifyRequest): InferenceCall {
  const call = (request as WithCall)[callSymbol];
  if (call === undefined) throw new Error('the inference interceptor has not run');
  return call;
}
