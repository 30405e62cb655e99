import type { BudgetWindow } from '../budgets/budgetWindows.js';
import type { CapabilityOverrides } from '../capabilities/capabilities.js';
import type { TargetKind } from '../fields/OriginChip.js';
import type { LossMode } from '../protocols/lossModes.js';

/** One target of a route as it is read back. */
export interface RouteTarget {
  readonly id: string;
  readonly label: string;
  readonly kind: TargetKind;
  readonly localModelId?: string | null;
  readonly providerId?: string | null;
  readonly upstreamModel?: string | null;
  readonly priceInputNanosPerMTok?: number | null;
  readonly priceOutputNanosPerMTok?: number | null;
  /** What the owner says of the model; null = as the gateway knows it. */
  readonly capabilities?: CapabilityOverrides | null;
}

/** One row of `/api/model-routes`. */
export interface ModelRoute {
  readonly id: string;
  readonly name: string;
  readonly cloud: 'never' | 'allow' | 'prefer';
  readonly isPrivate: boolean;
  readonly lossMode: LossMode;
  readonly isEnabled: boolean;
  /** null = as usual. */
  readonly firstByteTimeoutMs: number | null;
  readonly whenCold: 'wait' | 'cloud-then-warm' | 'fail';
  readonly maxWaitMs: number | null;
  readonly commitAfterMs: number | null;
  readonly hedgeAfterMs: number | null;
  readonly fallbackBudgetNanos: number | null;
  readonly fallbackBudgetWindow: BudgetWindow;
  readonly fallbackSpentNanos: number;
  readonly fallbackHeldNanos: number;
  readonly targets: readonly RouteTarget[];
}

/** May this route use a provider at all? Privacy wins over everything else. */
export function mayUseCloud(route: Pick<ModelRoute, 'cloud' | 'isPrivate'>): boolean {
  return route.cloud !== 'never' && !route.isPrivate;
}
