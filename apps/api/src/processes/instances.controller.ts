import { Supervisor, type InstanceView, type LogLine } from '#process';
import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { GatewayError } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';

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

  @Get(':id/logs')
  logs(@Param('id') id: string): { lines: LogLine[] } {
    return { lines: this.supervisor.logs(this.find(id).id) };
  }

  /** Live log as server-sent events; a viewer that was cut off resumes behind the last line it saw. */
  @Get(':id/logs/stream')
  stream(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const instance = this.find(id);
    const lastSeen = Number(request.headers['last-event-id'] ?? -1);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const send = (line: LogLine): void => {
      // a viewer that does not read loses lines; the engine is never slowed down
      if (raw.writableLength < 1024 * 1024)
        raw.write(`id: ${line.seq}\ndata: ${JSON.stringify(line)}\n\n`);
    };
    for (const line of this.supervisor.logs(instance.id, Number.isFinite(lastSeen) ? lastSeen : -1))
      send(line);
    const unwatch = this.supervisor.watchLogs(instance.id, send);
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), 15_000);
    raw.once('close', () => {
      clearInterval(heartbeat);
      unwatch();
    });
  }

  @Post(':id/stop')
  @HttpCode(200)
  async stop(@Param('id') id: string): Promise<InstanceView> {
    const instance = this.find(id);
    await this.supervisor.stop(instance.localModelId);
    return this.find(id);
  }

  private find(id: string): InstanceView {
    const instance = this.supervisor.list().find((candidate) => candidate.id === id);
    if (instance === undefined)
      throw new GatewayError(
        'not_found',
        `There is no instance \`${id.slice(0, 64)}\`; ended ones are kept for a while only.`,
      );
    return instance;
  }
}
