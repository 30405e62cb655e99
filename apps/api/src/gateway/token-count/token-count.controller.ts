import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inference } from '../../access/inference.decorator.js';
import { tokenCountDialects } from './token-count-dialect.js';
import { TokenCountService } from './token-count.service.js';

const estimated =
  'estimated;field=input_tokens;detail="one token for three characters; text really has 60 to 100 % of it"';

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
    return this.answer('anthropic-messages', request, reply);
  }

  private async answer(
    protocol: keyof typeof tokenCountDialects,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> {
    const dialect = tokenCountDialects[protocol];
    const { inputTokens, isEstimated } = await this.counter.count(request, dialect, null);
    if (isEstimated) void reply.header('x-spillway-warnings', estimated);
    return dialect.writeAnswer(inputTokens);
  }
}
