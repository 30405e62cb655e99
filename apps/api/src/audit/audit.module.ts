import { Global, Injectable, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { AuditWriter } from './audit-writer.service.js';
import { CrashRecovery } from './crash-recovery.service.js';
import { RequestJournal } from './request-journal.service.js';

/** What is buffered must be on disk before the database closes. */
@Injectable()
class AuditFlush implements BeforeApplicationShutdown {
  constructor(private readonly writer: AuditWriter) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.writer.flush();
  }
}

/** The log of all requests and attempts. */
@Global()
@Module({
  providers: [AuditWriter, AuditFlush, RequestJournal, CrashRecovery],
  exports: [AuditWriter, RequestJournal, CrashRecovery],
})
export class AuditModule {}
