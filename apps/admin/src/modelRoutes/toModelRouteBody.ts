import type { CapabilityOverrides } from '../capabilities/capabilities.js';

interface TargetForm {
  readonly kind?: string;
  readonly localModelId?: string | null;
  readonly providerId?: string | null;
  readonly upstreamModel?: string | null;
  readonly priceInputNanosPerMTok?: number | null;
  readonly priceOutputNanosPerMTok?: number | null;
  readonly capabilities?: CapabilityOverrides | null;
}

interface RouteForm {
  readonly targets?: readonly TargetForm[] | null;
  readonly [field: string]: unknown;
}

/** What the API takes from the form: no read-only fields, and of a target only what fits its kind. */
export function toModelRouteBody(form: RouteForm): Record<string, unknown> {
  return { ...form, targets: (form.targets ?? []).map(toTargetBody) };
}

function toTargetBody(target: TargetForm): Record<string, unknown> {
  const { capabilities } = target;
  const overrides = Object.keys(capabilities ?? {}).length === 0 ? {} : { capabilities };
  if (target.kind === 'local')
    return { kind: 'local', localModelId: target.localModelId, ...overrides };
  const { providerId, upstreamModel, priceInputNanosPerMTok, priceOutputNanosPerMTok } = target;
  return {
    kind: 'provider',
    providerId,
    upstreamModel,
    ...(isSet(priceInputNanosPerMTok) && { priceInputNanosPerMTok }),
    ...(isSet(priceOutputNanosPerMTok) && { priceOutputNanosPerMTok }),
    ...overrides,
  };
}

function isSet(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}
