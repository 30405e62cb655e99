import type { RequestAddress, WireProtocol } from '#translation';
import type { FastifyRequest } from 'fastify';
import type { KeyPrincipal } from '../access/principal.js';
import type { RequestRecord } from '../audit/request-record.js';
import type { ClientReply } from './reply/client-reply.js';

/** One inference request on its way along the line. */
export interface InferenceCall {
  readonly protocol: WireProtocol;
  /** Model and streaming, where the URL names them. */
  readonly address: RequestAddress | null;
  readonly request: FastifyRequest;
  readonly reply: ClientReply;
  readonly key: KeyPrincipal;
  readonly record: RequestRecord;
}
