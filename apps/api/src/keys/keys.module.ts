import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { VirtualKey } from './virtual-key.entity.js';

/** The gateway's own keys. */
@Module({
  imports: [TypeOrmModule.forFeature([VirtualKey])],
  controllers: [KeysController],
  providers: [KeysService],
  exports: [KeysService],
})
export class KeysModule {}
