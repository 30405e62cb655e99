import { Controller, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inference } from '../../access/inference.decorator.js';
import { GatewayService } from '../gateway.service.js';
import { InferenceInterceptor } from '../inference.interceptor.js';
import { openedCall } from '../open-inference-call.js';

/** `POST /v1/responses`, as OpenAI speaks it. */
@Controller('v1/responses')
@UseInterceptors(InferenceInterceptor)
export class ResponsesController {
  constructor(private readonly gateway: GatewayService) {}

  @Post()
  @Inference()
  create(@Req() request: FastifyRequest, @Res() _reply: FastifyReply): Promise<void> {
    return this.gateway.handle(openedCall(request));
  }
}
