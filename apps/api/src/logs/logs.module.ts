import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RequestLogsController } from './request-logs.controller.js';
import { RequestLogsService } from './request-logs.service.js';
import { RequestLog } from './request-log.entity.js';
import { Attempt } from './attempt.entity.js';

/** Reading side of the log; the writing side is `audit`. */
@Module({
  imports: [TypeOrmModule.forFeature([RequestLog, Attempt])],
  controllers: [RequestLogsController],
  providers: [RequestLogsService],
})
export class LogsModule {}
