import { EgressClient, providerDefinitions } from '#adapters';
import { Injectable, Logger } from '@nestjs/common';
import { estimateRequestTokens, protocols, type RequestAddress } from '#translation';
import type { FastifyRequest } from 'fastify';
import { keyOf } from '../../access/principal.js';
import { planAttempts } from '../../routing/plan-attempts.js';
import type { ProviderTarget } from '../../routing/resolved-target.js';
import { RouteCatalog } from '../../routing/route-catalog.service.js';
import { allowedHeaders } from '../allowed-headers.js';
import { DrainState } from '../drain-state.js';
import { readRequestBody } from '../read-request-body.js';
import {
  tokenCountDialects,
  type CountedProtocol,
  type TokenCountDialect,
} from './token-count-dialect.js';

/** Agents ask before every turn, so an upstream that is slow to count is not waited for. */
const upstreamTimeoutMs = 5_000;

const estimated =
  'estimated;field=input_tokens;detail="one token for three characters; text really has 60 to 100 % of it"';

export interface TokenCountAnswer {
  /** In the caller's protocol. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

interface TokenCount {
  readonly inputTokens: number;
  readonly isEstimated: boolean;
}

interface Question {
  readonly request: FastifyRequest;
  readonly dialect: TokenCountDialect;
  /** As the caller sent it. */
  readonly text: string;
}

/**
 * Counts the tokens of a request: the upstream does where it speaks the caller's protocol and its count is free, else
 * they are estimated. Nothing is started and nothing is spent for a count.
 */
@Injectable()
export class TokenCountService {
  private readonly logger = new Logger(TokenCountService.name);

  constructor(
    private readonly drain: DrainState,
    private readonly routes: RouteCatalog,
    private readonly egress: EgressClient,
  ) {}

  /** @throws GatewayError for what would be wrong with the request itself. */
  async answer(
    request: FastifyRequest,
    protocol: CountedProtocol,
    address: RequestAddress | null,
  ): Promise<TokenCountAnswer> {
    const dialect = tokenCountDialects[protocol];
    const { inputTokens, isEstimated } = await this.count(request, dialect, address);
    return {
      body: dialect.writeAnswer(inputTokens),
      headers: isEstimated ? { 'x-spillway-warnings': estimated } : {},
    };
  }

  private async count(
    request: FastifyRequest,
    dialect: TokenCountDialect,
    address: RequestAddress | null,
  ): Promise<TokenCount> {
    this.drain.assertOpen();
    const body = await readRequestBody(request);
    const sent = body.original.toString('utf8');
    body.release();
    const protocol = protocols[dialect.protocol];
    const text = dialect.asRequest(sent);
    const envelope = protocol.readEnvelope(Buffer.from(text), address);
    const key = keyOf(request);
    const [target] = planAttempts(this.routes.resolve(envelope.model, key), key);
    if (target?.kind === 'provider' && target.spoken.includes(dialect.protocol)) {
      const counted = await this.ask(target, { request, dialect, text: sent });
      if (counted !== null) return { inputTokens: counted, isEstimated: false };
    }
    const canonical = protocol.decodeRequest(text, address);
    return { inputTokens: estimateRequestTokens(canonical), isEstimated: true };
  }

  private async ask(target: ProviderTarget, question: Question): Promise<number | null> {
    const { dialect, request, text } = question;
    const definition = providerDefinitions[dialect.protocol];
    const callerVersion = request.headers['anthropic-version'];
    const version = definition.apiVersion(typeof callerVersion === 'string' ? callerVersion : null);
    try {
      const headers = pairs([
        'content-type',
        'application/json',
        ...definition.authHeaders(target.credential(), version),
        ...allowedHeaders(request.headers, definition.forwardedHeaders),
      ]);
      const url = target.origin + target.basePath + dialect.upstreamPath(target.upstreamModel);
      const answer = await this.egress.createFetch(target.allowPrivateNetwork)(url, {
        method: 'POST',
        headers,
        body: namedFor(target.upstreamModel, text),
        signal: AbortSignal.timeout(upstreamTimeoutMs),
      });
      return answer.ok ? dialect.readAnswer(await answer.json()) : null;
    } catch (error) {
      // an estimate serves better than an error; what is wrong with the upstream shows with the next real request
      this.logger.debug(`${target.label} did not count tokens: ${String(error)}`);
      return null;
    }
  }
}

/** Nothing is generated from it, so the request need not keep its bytes. */
function namedFor(model: string, text: string): string {
  const request = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify('model' in request ? { ...request, model } : request);
}

function pairs(list: readonly string[]): [string, string][] {
  return list.flatMap((name, index) =>
    index % 2 === 0 ? [[name, list[index + 1] ?? ''] as [string, string]] : [],
  );
}
