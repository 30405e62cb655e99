import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Warning } from '#translation';
import type { FastifyReply } from 'fastify';
import { sendPage } from '../common/management/find-page.js';
import type { RawListQuery } from '../common/management/list-query.js';
import { toPublicId } from '../common/time-ordered-id.js';
import type { Attempt } from './attempt.entity.js';
import type { RequestLog } from './request-log.entity.js';
import { RequestLogsService } from './request-logs.service.js';

/** The log of inference requests. */
@Controller('api/request-logs')
export class RequestLogsController {
  constructor(private readonly logs: RequestLogsService) {}

  @Get()
  async list(@Query() query: RawListQuery, @Res({ passthrough: true }) reply: FastifyReply) {
    return sendPage(reply, 'request-logs', await this.logs.page(query), showRequest);
  }

  @Get(':id')
  async one(@Param('id') id: string) {
    const { request, attempts } = await this.logs.one(id);
    return { ...showRequest(request), attempts: attempts.map(showAttempt) };
  }
}

function showRequest({ id, bootId: _bootId, warnings, ...request }: RequestLog) {
  return {
    id: toPublicId('req', id),
    ...request,
    warnings: readWarnings(warnings),
  };
}

function showAttempt({
  id,
  requestId: _requestId,
  bootId: _bootId,
  keyId: _keyId,
  warnings,
  ...attempt
}: Attempt) {
  return { id: toPublicId('att', id), ...attempt, warnings: readWarnings(warnings) };
}

function readWarnings(stored: string | null): readonly Warning[] {
  return stored === null ? [] : (JSON.parse(stored) as Warning[]);
}
