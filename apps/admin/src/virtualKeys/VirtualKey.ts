import type { BudgetWindow } from '../budgets/budgetWindows.js';
import type { LossMode } from '../protocols/lossModes.js';

/** One row of `/api/virtual-keys`. */
export interface VirtualKey {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isPrivate: boolean;
  /** null = as the route says. */
  readonly lossMode: LossMode | null;
  /** May the gateway fetch images and documents that a request names by URL? */
  readonly mayFetchUrls: boolean;
  readonly allowedRoutes: readonly string[] | null;
  readonly requestsPerMinute: number | null;
  readonly maxConcurrent: number | null;
  readonly budgetNanos: number | null;
  readonly budgetWindow: BudgetWindow;
  readonly spentNanos: number;
  readonly heldNanos: number;
  readonly fallbackBudgetNanos: number | null;
  readonly fallbackBudgetWindow: BudgetWindow;
  readonly fallbackSpentNanos: number;
  readonly fallbackHeldNanos: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** What creating a key answers, once. */
export interface CreatedKey extends VirtualKey {
  readonly secret: string;
}

/** Can this key be used at the moment, and if not, why? */
export function keyStatus(
  key: Pick<VirtualKey, 'isEnabled' | 'expiresAt' | 'revokedAt'>,
  nowMs: number,
): 'active' | 'disabled' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked';
  if (key.expiresAt !== null && key.expiresAt <= nowMs) return 'expired';
  return key.isEnabled ? 'active' : 'disabled';
}
