import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { IsNull, MoreThan, type Repository } from 'typeorm';
import type { UserPrincipal } from '../access/principal.js';
import { Session } from './session.entity.js';
import type { User } from './user.entity.js';

export const sessionMs = 12 * 3_600_000;
const cookieName = 'spillway_session';

interface Claims {
  readonly sub: string;
  readonly jti: string;
  readonly username: string;
  readonly role: 'admin' | 'viewer';
}

/** Signed tokens, each tied to a session that can be ended at once. */
@Injectable()
export class SessionsService implements OnModuleInit {
  private readonly alive = new Map<string, number>();

  constructor(
    private readonly jwt: JwtService,
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
  ) {}

  async onModuleInit(): Promise<void> {
    const open = await this.sessions.findBy({ revokedAt: IsNull(), expiresAt: MoreThan(Date.now()) });
    for (const { id, expiresAt } of open) this.alive.set(id, expiresAt);
  }

  async open(user: User): Promise<string> {
    const now = Date.now();
    const session = { id: randomUUID(), userId: user.id, createdAt: now, expiresAt: now + sessionMs, revokedAt: null };
    await this.sessions.insert(session);
    this.alive.set(session.id, session.expiresAt);
    return this.jwt.sign({ username: user.username, role: user.role }, { subject: user.id, jwtid: session.id });
  }

  async revoke(sessionId: string): Promise<void> {
    this.alive.delete(sessionId);
    await this.sessions.update({ id: sessionId }, { revokedAt: Date.now() });
  }

  /** @throws GatewayError `authentication_failed` */
  authenticate(request: FastifyRequest): UserPrincipal {
    const token = readToken(request);
    if (token === null) throw new GatewayError('authentication_failed', 'Sign in first: POST /api/auth/login, or open the panel.');
    const claims = this.verify(token);
    const expiresAt = this.alive.get(claims.jti);
    if (expiresAt === undefined || expiresAt <= Date.now()) throw new GatewayError('authentication_failed', 'This session has ended. Sign in again.');
    return { id: claims.sub, username: claims.username, role: claims.role, sessionId: claims.jti };
  }

  setCookie(reply: FastifyReply, token: string | null): void {
    const age = token === null ? 0 : sessionMs / 1000;
    void reply.header('set-cookie', `${cookieName}=${token ?? ''}; Path=/api; HttpOnly; SameSite=Strict; Max-Age=${age}`);
  }

  private verify(token: string): Claims {
    try {
      return this.jwt.verify<Claims>(token);
    } catch (error) {
      throw new GatewayError('authentication_failed', 'The sign-in is not valid or has expired. Sign in again.', { cause: error });
    }
  }
}

function readToken(request: FastifyRequest): string | null {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) return /^bearer (.+)$/i.exec(authorization)?.[1] ?? null;
  const found = cookie?.split(';').find((part) => part.trim().startsWith(`${cookieName}=`));
  return found === undefined ? null : found.trim().slice(cookieName.length + 1) || null;
}
