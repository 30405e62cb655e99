import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Interval } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { IsNull, LessThanOrEqual, MoreThan, type Repository } from 'typeorm';
import type { UserPrincipal } from '../access/principal.js';
import { Session } from './session.entity.js';
import { User } from './user.entity.js';

export const sessionMs = 12 * 3_600_000;
const cookieName = 'spillway_session';
/** Where the panel's calls go. No wider: browsers send a cookie to every port of this machine. */
const cookiePaths = ['/api', '/v1/translate'];

const cleanEveryMs = 24 * 3_600_000;

interface Claims {
  readonly sub: string;
  readonly jti: string;
  readonly exp?: number;
}

interface OpenSession {
  readonly user: UserPrincipal;
  readonly expiresAt: number;
}

/** Signed tokens, each tied to a session that can be ended at once. */
@Injectable()
export class SessionsService implements OnModuleInit {
  private readonly logger = new Logger(SessionsService.name);
  /** Who is signed in, by session. The role is the account's, whatever a token says. */
  private readonly alive = new Map<string, OpenSession>();
  private hasUsers = false;

  constructor(
    private readonly jwt: JwtService,
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    @InjectRepository(User) private readonly users: Repository<User>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.removeExpired();
    const userOf = new Map((await this.users.find()).map((user) => [user.id, user]));
    this.hasUsers = userOf.size > 0;
    for (const session of await this.sessions.findBy({
      revokedAt: IsNull(),
      expiresAt: MoreThan(Date.now()),
    })) {
      const user = userOf.get(session.userId);
      if (user !== undefined) this.remember(session, user);
    }
  }

  /** Sessions that are over are of no use to anybody. A failure is logged; the next day tries again. */
  @Interval(cleanEveryMs)
  async removeExpired(): Promise<void> {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.alive) if (expiresAt <= now) this.alive.delete(id);
    try {
      await this.sessions.delete({ expiresAt: LessThanOrEqual(now) });
    } catch (error) {
      this.logger.error(`expired sessions could not be removed: ${String(error)}`);
    }
  }

  async open(user: User): Promise<string> {
    const now = Date.now();
    const session = {
      id: randomUUID(),
      userId: user.id,
      createdAt: now,
      expiresAt: now + sessionMs,
      revokedAt: null,
    };
    await this.sessions.insert(session);
    this.remember(session, user);
    this.hasUsers = true;
    return this.jwt.sign(
      { username: user.username, role: user.role },
      { subject: user.id, jwtid: session.id },
    );
  }

  async revoke(sessionId: string): Promise<void> {
    this.alive.delete(sessionId);
    await this.sessions.update({ id: sessionId }, { revokedAt: Date.now() });
  }

  /** @throws GatewayError `authentication_failed`, or `setup_required` while there is nobody who could sign in */
  authenticate(request: FastifyRequest): UserPrincipal {
    if (!this.hasUsers) {
      throw new GatewayError(
        'setup_required',
        'Nobody can sign in yet. Open the set-up link that the gateway printed on its console; restart it for a new one.',
      );
    }
    const token = readToken(request);
    if (token === null)
      throw new GatewayError(
        'authentication_failed',
        'Sign in first: POST /api/auth/login, or open the panel.',
      );
    const { jti, sub } = this.verify(token);
    const session = this.alive.get(jti);
    if (session === undefined || session.expiresAt <= Date.now() || session.user.id !== sub) {
      throw new GatewayError('authentication_failed', 'This session has ended. Sign in again.');
    }
    return session.user;
  }

  setCookie(reply: FastifyReply, token: string | null): void {
    const age = token === null ? 0 : sessionMs / 1000;
    void reply.header(
      'set-cookie',
      cookiePaths.map(
        (path) =>
          `${cookieName}=${token ?? ''}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=${age}`,
      ),
    );
  }

  private remember(session: Session, { id, username, role }: User): void {
    this.alive.set(session.id, {
      user: { id, username, role, sessionId: session.id },
      expiresAt: session.expiresAt,
    });
  }

  private verify(token: string): Claims {
    let claims: Claims;
    try {
      claims = this.jwt.verify<Claims>(token);
    } catch (error) {
      throw invalidToken(error);
    }
    // the library takes a token without an end for one that never ends
    if (typeof claims.exp !== 'number') throw invalidToken(null);
    return claims;
  }
}

function invalidToken(cause: unknown): GatewayError {
  return new GatewayError(
    'authentication_failed',
    'The sign-in is not valid or has expired. Sign in again.',
    { cause },
  );
}

function readToken(request: FastifyRequest): string | null {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) return /^bearer (.+)$/i.exec(authorization)?.[1] ?? null;
  const found = cookie?.split(';').find((part) => part.trim().startsWith(`${cookieName}=`));
  return found === undefined ? null : found.trim().slice(cookieName.length + 1) || null;
}
