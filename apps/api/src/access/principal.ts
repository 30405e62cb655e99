import type { FastifyRequest } from 'fastify';
import type { LossMode } from '#translation';
import type { BudgetWindow } from '../common/money/budget-window.js';

/** A virtual key as the request path sees it: a snapshot that never changes; an edit makes a new one. */
export interface KeyPrincipal {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** null = as the route says. */
  readonly lossMode: LossMode | null;
  readonly mayFetchUrls: boolean;
  /** Route names, or null for all. */
  readonly allowedRoutes: ReadonlySet<string> | null;
  readonly requestsPerMinute: number | null;
  readonly maxConcurrent: number | null;
  readonly budgetNanos: number | null;
  readonly budgetWindow: BudgetWindow;
  readonly fallbackBudgetNanos: number | null;
  readonly fallbackBudgetWindow: BudgetWindow;
  readonly expiresAt: number | null;
}

export interface UserPrincipal {
  readonly id: string;
  readonly username: string;
  readonly role: 'admin' | 'viewer';
  readonly sessionId: string;
}

interface WithPrincipal {
  spillwayKey?: KeyPrincipal;
  spillwayUser?: UserPrincipal;
}

export function setKey(request: FastifyRequest, key: KeyPrincipal): void {
  (request as WithPrincipal).spillwayKey = key;
}

export function setUser(request: FastifyRequest, user: UserPrincipal): void {
  (request as WithPrincipal).spillwayUser = user;
}

/** @throws Error when the guard has not let a key in: there is no empty principal. */
export function keyOf(request: FastifyRequest): KeyPrincipal {
  const { spillwayKey } = request as WithPrincipal;
  if (spillwayKey === undefined) throw new Error('no virtual key was authenticated');
  return spillwayKey;
}

/** @throws Error when the guard has not let a user in. */
export function userOf(request: FastifyRequest): UserPrincipal {
  const { spillwayUser } = request as WithPrincipal;
  if (spillwayUser === undefined) throw new Error('no user was authenticated');
  return spillwayUser;
}
