import { Global, Module } from '@nestjs/common';
import { SpendReader } from '../keys/spend-reader.js';
import { AdmissionService } from './admission.service.js';
import { AttemptAccountant } from './attempt-accountant.service.js';
import { SpendLedger } from './spend-ledger.service.js';

/** Limits, budgets and the cost of attempts. Global, because keys show what they have spent. */
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
