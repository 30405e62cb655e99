import { Controller, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inference } from '../../access/inference.decorator.js';
import { readGeminiAddress } from './gemini-address.js';
import { GeminiInterceptor } from './gemini.interceptor.js';
import { GatewayService } from '../gateway.service.js';
import { openedCall } from '../open-inference-call.js';
import { TokenCountService } from '../token-count/token-count.service.js';

/** `POST /v1beta/models/{model}:{method}`, as Google speaks it: generate, stream and count. */
@Controller(['v1beta', 'v1/models'])
@UseInterceptors(GeminiInterceptor)
export class GeminiController {
  constructor(
    private readonly gateway: GatewayService,
    private readonly counter: TokenCountService,
  ) {}

  @Post('*')
  @Inference()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const address = readGeminiAddress(request.url);
    if (address.method !== 'countTokens') return this.gateway.handle(openedCall(request));
    const { body, headers } = await this.counter.answer(request, 'gemini-generate', address);
    await reply.status(200).headers(headers).send(body);
  }
}
