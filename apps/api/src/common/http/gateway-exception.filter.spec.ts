import { GatewayError } from '#translation';
import { Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { QueryFailedError } from 'typeorm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { InferenceMetrics } from '../metrics/inference-metrics.js';
import { GatewayExceptionFilter } from './gateway-exception.filter.js';

/** What a route answers that throws this. */
async function answerTo(thrown: unknown, prepare: (reply: FastifyReply) => void = () => undefined) {
  const filter = new GatewayExceptionFilter(new InferenceMetrics());
  const app = fastify();
  app.get('/v1/models', (request: FastifyRequest, reply: FastifyReply) => {
    prepare(reply);
    filter.catch(thrown, new ExecutionContextHost([request, reply]));
  });
  const answer = await app.inject('/v1/models');
  await app.close();
  return answer;
}

it('answers also where the reply was taken over before anything was sent', async () => {
  const error = new GatewayError('not_found', 'There is nothing here.');
  const answer = await answerTo(error, (reply) => reply.hijack());

  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-length']).toBe(String(answer.body.length));
  expect(answer.json()).toMatchObject({ error: { code: 'not_found' } });
});

it.each([
  [new GatewayError('storage_unavailable', 'The file is gone.'), 503, 'The file is gone.'],
  [
    Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }),
    503,
    'disk space',
  ],
  [Object.assign(new Error('no such table: x'), { code: 'SQLITE_ERROR' }), 500, 'did not expect'],
])(
  'tells a failure of the disk from one of a statement: %s',
  async (driverError, status, words) => {
    const log = vi.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    onTestFinished(() => log.mockRestore());
    const answer = await answerTo(new QueryFailedError('INSERT', [], driverError));

    expect([answer.statusCode, answer.body]).toEqual([status, expect.stringContaining(words)]);
  },
);
