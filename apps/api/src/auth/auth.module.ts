import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JwtModule } from '@nestjs/jwt';
import { join } from 'node:path';
import { readSecretFile } from '../common/secret-file.js';
import { AppConfig } from '../config/app-config.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Session } from './session.entity.js';
import { sessionMs, SessionsService } from './sessions.service.js';
import { SetupService } from './setup.service.js';
import { User } from './user.entity.js';

const parties = { issuer: 'spillway', audience: 'spillway-management' };

/** Sign-in to the panel and the management API. */
@Module({
  imports: [
    TypeOrmModule.forFeature([User, Session]),
    JwtModule.registerAsync({
      inject: [AppConfig],
      useFactory: (config: AppConfig) => ({
        secret: readSecretFile(join(config.dataDir, 'jwt.key')),
        signOptions: { ...parties, algorithm: 'HS256', expiresIn: sessionMs / 1000 },
        // the algorithm is ours to choose, never the token's
        verifyOptions: { ...parties, algorithms: ['HS256'] },
      }),
    }),
  ],
  controllers: [AuthController],
  providers: [AuthService, SessionsService, SetupService],
  exports: [SessionsService, SetupService],
})
export class AuthModule {}
