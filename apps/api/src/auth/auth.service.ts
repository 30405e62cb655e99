import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import type { Repository } from 'typeorm';
import { LoginThrottle } from './login-throttle.js';
import { hashPassword, verifyPassword } from './password-hash.js';
import { User } from './user.entity.js';

/** Signs users in. */
@Injectable()
export class AuthService {
  private readonly throttle = new LoginThrottle();
  /** Compared against for names that do not exist, so that they take as long as those that do. */
  private decoy: Promise<string> | null = null;

  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  /** @throws GatewayError `rate_limited`, or `authentication_failed` in the same words whether the name or the password is wrong. */
  async login(username: string, password: string): Promise<User> {
    const name = username.trim().toLowerCase();
    this.throttle.assertAwake(name, Date.now());
    const user = await this.users.findOneBy({ username: name });
    const isRight = await this.throttle.hash(async () => {
      // counted here and not before the queue: who is turned away there has not tried a password
      this.throttle.begin(name, Date.now());
      return verifyPassword(password, user?.passwordHash ?? (await this.decoyHash()));
    });
    if (user === null || !isRight)
      throw new GatewayError('authentication_failed', 'The user name or the password is wrong.');
    this.throttle.succeed(name);
    return user;
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= hashPassword('no account has this');
    return this.decoy;
  }
}
