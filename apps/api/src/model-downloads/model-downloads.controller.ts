import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FastifyReply } from 'fastify';
import { GatewayError } from '#translation';
import type { Repository } from 'typeorm';
import { findPage, sendPage } from '../common/management/find-page.js';
import type { RawListQuery } from '../common/management/list-query.js';
import { managementValidation } from '../common/management/management-validation.pipe.js';
import type { DownloadJob } from './download-job.js';
import { DownloadWork } from './download-work.service.js';
import { CreateModelDownloadDto } from './model-download.dto.js';
import { ModelDownload } from './model-download.entity.js';
import { ModelDownloadsService } from './model-downloads.service.js';
import { showDownload, type DownloadView } from './show-download.js';

const fields = {
  text: ['repository'],
  search: 'repository',
  exact: ['state', 'revision'],
  sort: ['id', 'repository', 'state', 'createdAt', 'updatedAt', 'finishedAt'],
};

/** Models that are fetched from a hub. Nothing but these calls begins a download. */
@Controller('api/model-downloads')
export class ModelDownloadsController {
  constructor(
    private readonly downloads: ModelDownloadsService,
    private readonly work: DownloadWork,
    @InjectRepository(ModelDownload) private readonly rows: Repository<ModelDownload>,
  ) {}

  @Get()
  async list(
    @Query() query: RawListQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DownloadView[]> {
    const page = await findPage(this.rows, query, fields);
    // one that is being deleted has a row for a moment longer
    const rows = page.rows.flatMap(({ id }) => this.downloads.find(id) ?? []);
    return sendPage(reply, 'model-downloads', { ...page, rows }, this.show);
  }

  @Get(':id')
  one(@Param('id') id: string): DownloadView {
    return this.show(this.downloads.get(id));
  }

  @Post()
  async create(@Body(managementValidation) wanted: CreateModelDownloadDto): Promise<DownloadView> {
    return this.show(await this.downloads.create(wanted));
  }

  /** What came stays, and the download goes on from there when it is resumed. */
  @Post(':id/pause')
  @HttpCode(200)
  async pause(@Param('id') id: string): Promise<DownloadView> {
    return this.show(await this.downloads.command(id, 'pause'));
  }

  @Post(':id/resume')
  @HttpCode(200)
  async resume(@Param('id') id: string): Promise<DownloadView> {
    return this.show(await this.downloads.command(id, 'resume'));
  }

  /** What came of unfinished files is removed. */
  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string): Promise<DownloadView> {
    return this.show(await this.downloads.command(id, 'cancel'));
  }

  @Delete(':id')
  async remove(
    @Param('id') id: string,
    @Query('keepFiles') keepFiles: unknown,
  ): Promise<DownloadView> {
    return this.show(await this.downloads.remove(id, readFlag(keepFiles)));
  }

  private readonly show = (job: DownloadJob): DownloadView =>
    showDownload(job, this.work.cacheOf(job.row));
}

function readFlag(value: unknown): boolean {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new GatewayError('invalid_request', '`keepFiles` must be true or false.', {
    path: 'keepFiles',
  });
}
