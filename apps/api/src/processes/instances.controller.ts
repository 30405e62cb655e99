import { Supervisor, type InstanceView, type LogLine, type LogReader } from '#process';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WholeNumberPipe } from '../common/management/whole-number.pipe.js';
import { LogStream } from './log-stream.js';

const anyLine = { min: 0, max: Number.MAX_SAFE_INTEGER };
const afterLine = new WholeNumberPipe({ name: 'after', ...anyLine, fallback: 0 });
const beforeLine = new WholeNumberPipe({ name: 'before', ...anyLine, fallback: anyLine.max });
const lastEvent = new WholeNumberPipe({ name: 'last-event-id', ...anyLine, fallback: null });
const pageSize = new WholeNumberPipe({ name: 'limit', min: 1, max: 2000, fallback: 1000 });

/** Running and recently ended engine processes, with their logs. */
@Controller('api/instances')
export class InstancesController {
  constructor(private readonly supervisor: Supervisor) {}

  @Get()
  list(@Res({ passthrough: true }) reply: FastifyReply): InstanceView[] {
    const instances = this.supervisor.list();
    const last = Math.max(0, instances.length - 1);
    void reply.header('content-range', `instances 0-${last}/${instances.length}`);
    return instances;
  }

  @Get(':id')
  one(@Param('id') id: string): InstanceView {
    return this.find(id);
  }

  /** A page of the kept lines, the newest ones or those before `before`. Lines before `firstSeq` are gone. */
  @Get(':id/logs')
  logs(
    @Param('id') id: string,
    @Query('before', beforeLine) before: number,
    @Query('limit', pageSize) limit: number,
  ): { firstSeq: number; lastSeq: number; lines: LogLine[] } {
    const log = this.logOf(id);
    const { firstSeq, lastSeq } = log;
    return { firstSeq, lastSeq, lines: log.before(before, limit) };
  }

  /** Live log as server-sent events; a viewer that was cut off resumes behind the last line it saw. */
  @Get(':id/logs/stream')
  stream(
    @Param('id') id: string,
    @Query('after', afterLine) after: number,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const instance = {
      log: this.logOf(id),
      view: () => this.find(id),
      watch: (listener: () => void) =>
        this.supervisor.onChange((view) => {
          if (view.id === id) listener();
        }),
    };
    // a browser that reconnects repeats its first URL; the header tells how far it came since
    const lastSeen = lastEvent.transform(request.headers['last-event-id']) ?? after;
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    new LogStream(instance, reply.raw, lastSeen).start();
  }

  @Post(':id/stop')
  @HttpCode(200)
  async stop(@Param('id') id: string): Promise<InstanceView> {
    const instance = this.find(id);
    await this.supervisor.stop(instance.localModelId);
    return this.find(id);
  }

  private logOf(id: string): LogReader {
    return this.supervisor.log(id) ?? refuseUnknown(id);
  }

  private find(id: string): InstanceView {
    return this.supervisor.list().find((candidate) => candidate.id === id) ?? refuseUnknown(id);
  }
}

function refuseUnknown(id: string): never {
  throw new GatewayError(
    'not_found',
    `There is no instance \`${id.slice(0, 64)}\`; only the last ended ones are kept.`,
  );
}
