import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inference } from '../../access/inference.decorator.js';
import type { CountedProtocol } from './token-count-dialect.js';
import { TokenCountService } from './token-count.service.js';

/** How many tokens a request would have; agents ask to know when to compact. */
@Controller('v1')
export class TokenCountController {
  constructor(private readonly counter: TokenCountService) {}

  @Post('messages/count_tokens')
  @HttpCode(200)
  @Inference()
  countMessages(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.answer(request, reply, 'anthropic-messages');
  }

  @Post('responses/input_tokens')
  @HttpCode(200)
  @Inference()
  countResponses(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return this.answer(request, reply, 'openai-responses');
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    protocol: CountedProtocol,
  ): Promise<unknown> {
    const { body, headers } = await this.counter.answer(request, protocol, null);
    void reply.headers(headers);
    return body;
  }
}
