/** What rows of the management API are made from. */

export interface ProviderFields {
  readonly name: string;
  readonly protocol: 'openai-chat' | 'anthropic-messages' | 'openai-responses' | 'gemini-generate';
  readonly baseUrl: string;
  readonly credential?: string | null;
  readonly allowPrivateNetwork?: boolean;
  readonly isFree?: boolean;
  readonly isEnabled?: boolean;
}

export interface LocalModelFields {
  readonly name: string;
  readonly engine: string;
  readonly modelPath?: string;
  readonly endpoint?: string;
  readonly upstreamModel?: string;
  readonly contextTokens?: number;
  readonly parallelSlots?: number;
  readonly idleStopMs?: number | null;
  readonly memoryBytes?: number | null;
  readonly exclusiveGroup?: string | null;
  readonly isSleepEnabled?: boolean;
}

export type TargetFields =
  | { readonly kind: 'local'; readonly localModelId: string }
  | {
      readonly kind: 'provider';
      readonly providerId: string;
      readonly upstreamModel: string;
      readonly priceInputNanosPerMTok?: number;
      readonly priceOutputNanosPerMTok?: number;
    };

export interface RouteFields {
  readonly name: string;
  readonly targets: readonly TargetFields[];
  readonly cloud?: 'never' | 'allow' | 'prefer';
  readonly isPrivate?: boolean;
  readonly isEnabled?: boolean;
  readonly firstByteTimeoutMs?: number | null;
  readonly lossMode?: string;
  readonly whenCold?: 'wait' | 'cloud-then-warm' | 'fail';
  readonly maxWaitMs?: number | null;
  readonly commitAfterMs?: number | null;
  readonly hedgeAfterMs?: number | null;
  readonly fallbackBudgetNanos?: number | null;
  readonly fallbackBudgetWindow?: 'total' | 'day' | 'month';
}

export interface KeyFields {
  readonly name: string;
  readonly isEnabled?: boolean;
  readonly isPrivate?: boolean;
  readonly allowedRoutes?: readonly string[] | null;
  readonly requestsPerMinute?: number | null;
  readonly maxConcurrent?: number | null;
  readonly budgetNanos?: number | null;
  readonly budgetWindow?: 'total' | 'day' | 'month';
  readonly fallbackBudgetNanos?: number | null;
  readonly fallbackBudgetWindow?: 'total' | 'day' | 'month';
  readonly expiresAt?: number | null;
}
