import type { AttachedEnginePreset } from '../engine-preset.js';
import type { InstanceFailure } from '../instance/lifecycle/instance-state.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { checkReadiness } from '../readiness/check-readiness.js';
import { waitUntilReady } from '../readiness/wait-until-ready.js';
import type { EngineRun } from './engine-run.js';
import type { LaunchSurroundings } from './launch-surroundings.js';

function failure(code: InstanceFailure['code'], reason: string, message: string): InstanceFailure {
  return { code, reason, message, lastLines: [], isRetryable: true };
}

/** An engine somebody else runs: looked at, never started, never signalled. */
export class AttachedRun implements EngineRun {
  readonly pid = null;
  readonly exitStatus = null;
  readonly cpuPercent = null;
  readonly footprint = null;
  readonly peakFootprint = null;
  readonly origin: string;
  servedModel: string | null = null;
  onSpawn: () => void = () => undefined;
  onProgress: (share: number) => void = () => undefined;
  onDeath: (failure: InstanceFailure) => void = () => undefined;

  constructor(
    private readonly preset: AttachedEnginePreset,
    private readonly spec: LocalModelSpec,
    private readonly instanceId: string,
    private readonly surroundings: LaunchSurroundings,
  ) {
    this.origin = preset.origin(spec);
  }

  async start(signal: AbortSignal): Promise<InstanceFailure | null> {
    const { preset, spec, instanceId, origin } = this;
    const target = { preset, spec, instanceId, origin };
    this.onSpawn();
    // We cannot start it, so there is nothing to wait for when nobody listens.
    const first = await checkReadiness(target, signal);
    if (first.status === 'unreachable') {
      const message = `Nothing answers at ${origin}. Start that model server, or change the endpoint of "${spec.name}".`;
      return failure('start-failed', 'unreachable', message);
    }
    const { clock, startTimeoutMs, startCapMs } = this.surroundings;
    const startedMs = clock.monotonicMs();
    const outcome = await waitUntilReady({
      clock,
      signal,
      stallMs: startTimeoutMs,
      capMs: startCapMs,
      target: () => target,
      lastSignMs: () => startedMs,
    });
    if (outcome.status === 'ready') {
      this.servedModel = outcome.servedModel;
      return null;
    }
    if (outcome.status === 'stranger') {
      const message = `The server at ${origin} lists no model. Load one there, or set upstreamModel of "${spec.name}".`;
      return failure('start-failed', 'no-model', message);
    }
    const message = `The server at ${origin} does not answer GET ${preset.readiness.path} with a list of models.`;
    return failure('start-timeout', 'start-timeout', message);
  }

  measure(): Promise<null> {
    return Promise.resolve(null);
  }

  end(): Promise<number[]> {
    return Promise.resolve([]);
  }
}
