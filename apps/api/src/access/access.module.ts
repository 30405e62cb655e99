import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { AccessGuard } from './access.guard.js';
import { HostPolicy } from './host-policy.js';

/** Who may do what. */
@Module({
  imports: [AuthModule, KeysModule],
  providers: [AccessGuard, HostPolicy],
  exports: [AccessGuard],
})
export class AccessModule {}
