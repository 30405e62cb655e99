import { Global, Module } from '@nestjs/common';
import { AdmissionService } from './admission.service.js';
import { AttemptAccountant } from './attempt-accountant.service.js';
import { SpendLedger } from './spend-ledger.service.js';
import { SpendReader } from '../common/money/spend-reader.js';

/** Limits, budgets and the cost of attempts. Global, because keys and routes show what they have spent. */
@Global()
@Module({
  providers: [
    AdmissionService,
    AttemptAccountant,
    SpendLedger,
    { provide: SpendReader, useExisting: SpendLedger },
  ],
  exports: [AdmissionService, AttemptAccountant, SpendReader],
})
export class UsageModule {}
