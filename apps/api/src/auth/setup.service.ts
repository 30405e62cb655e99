import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { hashPassword } from './password-hash.js';
import { User } from './user.entity.js';

const tokenMs = 15 * 60_000;

/** The first administrator is made with a token that only whoever can read the console has. There is no default password. */
@Injectable()
export class SetupService {
  private token: { readonly digest: Buffer; readonly expiresAtMs: number } | null = null;
  private readonly tokenFile: string;

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    config: AppConfig,
  ) {
    this.tokenFile = join(config.dataDir, 'setup-token');
  }

  async isNeeded(): Promise<boolean> {
    return (await this.users.count()) === 0;
  }

  /** A token for 15 minutes and one use, or null when there is an administrator already. */
  async issueToken(): Promise<string | null> {
    if (!(await this.isNeeded())) {
      rmSync(this.tokenFile, { force: true });
      return null;
    }
    const token = randomBytes(32).toString('hex');
    this.token = { digest: digest(token), expiresAtMs: Date.now() + tokenMs };
    writeFileSync(this.tokenFile, token, { mode: 0o600 });
    return token;
  }

  /** @throws GatewayError for a token that is wrong, used or too old, in the same words. */
  async claim(token: string, username: string, password: string): Promise<User> {
    const valid = this.token;
    const fits =
      valid !== null &&
      valid.expiresAtMs > Date.now() &&
      timingSafeEqual(valid.digest, digest(token));
    if (!fits) {
      throw new GatewayError(
        'setup_required',
        'The setup token is wrong, used or older than 15 minutes. Restart the gateway to get a new one on its console.',
      );
    }
    // taken before anything is awaited: of two claims at once, one wins
    this.token = null;
    const user = await this.insertAdmin(username, password).catch((error: unknown) => {
      // nobody was made, so the link on the console must go on working
      if (!(error instanceof GatewayError)) this.token ??= valid;
      throw error;
    });
    rmSync(this.tokenFile, { force: true });
    return user;
  }

  private async insertAdmin(username: string, password: string): Promise<User> {
    if (!(await this.isNeeded()))
      throw new GatewayError('conflict', 'There is an administrator already. Sign in.');
    const user: User = {
      id: randomUUID(),
      username: username.toLowerCase(),
      passwordHash: await hashPassword(password),
      role: 'admin',
      createdAt: Date.now(),
    };
    await this.users.insert(user);
    return user;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
