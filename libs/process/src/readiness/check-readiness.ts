import type { EnginePreset } from '../engine-preset.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { probeEngine } from './probe-engine.js';

const PROBE_TIMEOUT_MS = 2000;

type Readiness =
  | { readonly status: 'ready'; readonly servedModel: string }
  /** Something answers, but it is still loading. */
  | { readonly status: 'loading' }
  | { readonly status: 'unreachable' }
  /** Something answers as if it were ready, but it is not the engine we started. */
  | { readonly status: 'stranger' };

export interface ReadinessTarget {
  readonly preset: EnginePreset;
  readonly spec: LocalModelSpec;
  readonly instanceId: string;
  readonly origin: string;
}

/** Asks once whether the engine can serve, and then who it is: a 200 alone may come from anybody on that port. */
export async function checkReadiness(
  target: ReadinessTarget,
  signal?: AbortSignal,
): Promise<Readiness> {
  const { preset, spec, instanceId, origin } = target;
  const { readiness, identity } = preset;
  const { path, body, timeoutMs = PROBE_TIMEOUT_MS } = readiness;
  const post = body === undefined ? {} : { body: JSON.stringify(body(spec, instanceId)) };
  const health = await probeEngine(origin, { path, timeoutMs, ...post }, signal);
  if (health === null) return { status: 'unreachable' };
  if (!readiness.isReady(health.status, health.body)) return { status: 'loading' };
  const answer =
    identity.path === path
      ? health
      : await probeEngine(origin, { path: identity.path, timeoutMs: PROBE_TIMEOUT_MS }, signal);
  if (answer === null) return { status: 'unreachable' };
  const isAnswered = answer.status === 200;
  const servedModel = isAnswered ? identity.servedModel(answer.body, spec, instanceId) : null;
  return servedModel === null ? { status: 'stranger' } : { status: 'ready', servedModel };
}
