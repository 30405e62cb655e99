import { Controller, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inference } from '../access/inference.decorator.js';
import { GatewayService } from './gateway.service.js';
import { InferenceInterceptor } from './inference.interceptor.js';
import { openedCall } from './open-inference-call.js';

/** `POST /v1/completions`, OpenAI's older API for plain prompts. */
@Controller('v1/completions')
@UseInterceptors(InferenceInterceptor)
export class CompletionsController {
  constructor(private readonly gateway: GatewayService) {}

  @Post()
  @Inference()
  create(@Req() request: FastifyRequest, @Res() _reply: FastifyReply): Promise<void> {
    return this.gateway.handle(openedCall(request));
  }
}
