import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import {
  GatewayError,
  lossModes,
  wireProtocols,
  type LossMode,
  type WireProtocolId,
} from '#translation';
import type { FastifyRequest } from 'fastify';
import { readRequestBody } from '../read-request-body.js';
import { TranslationPreviewService } from './translation-preview.service.js';

/**
 * `POST /v1/translate?protocol=…`, for administrators: the body is a request as a client would send it, the answer
 * what each target of its route would be sent and what that would lose.
 */
@Controller('v1/translate')
export class TranslationPreviewController {
  constructor(private readonly previews: TranslationPreviewService) {}

  @Post()
  @HttpCode(200)
  async preview(@Req() request: FastifyRequest, @Query() query: Record<string, unknown>) {
    const protocol = query['protocol'] ?? 'openai-chat';
    const lossMode = query['lossMode'] ?? null;
    assertOneOf('protocol', protocol, Object.keys(wireProtocols));
    if (lossMode !== null) assertOneOf('lossMode', lossMode, lossModes);
    const { model } = query;
    const body = await readRequestBody(request);
    try {
      return this.previews.preview({
        protocol: protocol as WireProtocolId,
        lossMode: lossMode as LossMode | null,
        address: typeof model === 'string' ? { model, stream: query['stream'] === 'true' } : null,
        body: body.original,
      });
    } finally {
      body.release();
    }
  }
}

function assertOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  throw new GatewayError(
    'invalid_request',
    `The query parameter \`${name}\` must be one of ${known.join(', ')}.`,
    { path: name },
  );
}
