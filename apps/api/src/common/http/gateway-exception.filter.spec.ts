import { GatewayError } from '#translation';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { InferenceMetrics } from '../metrics/inference-metrics.js';
import { GatewayExceptionFilter } from './gateway-exception.filter.js';

it('answers also where the reply was taken over before anything was sent', async () => {
  const filter = new GatewayExceptionFilter(new InferenceMetrics());
  const app = fastify();
  app.get('/v1/models', (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    const error = new GatewayError('not_found', 'There is nothing here.');
    filter.catch(error, new ExecutionContextHost([request, reply]));
  });

  const answer = await app.inject('/v1/models');

  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-length']).toBe(String(answer.body.length));
  expect(answer.json()).toMatchObject({ error: { code: 'not_found' } });
  await app.close();
});
