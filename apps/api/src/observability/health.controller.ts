import { Controller, Get, Head, HttpStatus, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { Public } from '../access/public.decorator.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { DrainState } from '../gateway/drain-state.js';

/** `live`: the process answers. `ready`: it takes requests and reaches its database. Many monitors ask for the head alone. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly writer: SqliteWriter,
    private readonly drain: DrainState,
  ) {}

  @Get('live')
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string }> {
    const status = this.drain.isOpen ? await this.databaseStatus() : 'draining';
    if (status !== 'ok') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status };
  }

  @Head('live')
  @Public()
  headOfLive(): { status: 'ok' } {
    return this.live();
  }

  @Head('ready')
  @Public()
  headOfReady(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string }> {
    return this.ready(reply);
  }

  private async databaseStatus(): Promise<string> {
    try {
      this.writer.assertInPlace();
      await this.dataSource.query('SELECT 1');
      return 'ok';
    } catch {
      return 'database unavailable';
    }
  }
}
