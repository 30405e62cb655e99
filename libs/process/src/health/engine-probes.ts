import type { EnginePreset } from '../engine-preset.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { checkReadiness } from '../readiness/check-readiness.js';
import { probeEngine } from '../readiness/probe-engine.js';
import { answersWithToken } from './probe-token.js';

const LOOK_TIMEOUT_MS = 2000;

/** What can be asked of a running engine. None of them rejects. */
export interface EngineProbes {
  /** True when it is there and still the one we mean; costs it nothing. */
  isPresent(): Promise<boolean>;
  /** The same by its own word on its readiness, which may cost it a token. */
  isResponding(): Promise<boolean>;
  /** True when it put itself to sleep; asking does not wake it. */
  isAsleep(): Promise<boolean>;
  answersWithToken(): Promise<boolean>;
}

interface ProbedEngine {
  readonly preset: EnginePreset;
  readonly spec: LocalModelSpec;
  readonly instanceId: string;
  readonly run: { readonly origin: string | null; readonly servedModel: string | null };
}

export function createEngineProbes({ preset, spec, instanceId, run }: ProbedEngine): EngineProbes {
  const { readiness, identity, sleep, protocols } = preset;
  const look = (path: string) =>
    probeEngine(run.origin ?? '', { path, timeoutMs: LOOK_TIMEOUT_MS });
  const isResponding = async (): Promise<boolean> => {
    if (run.origin === null) return false;
    const target = { preset, spec, instanceId, origin: run.origin };
    const { status } = await checkReadiness(target);
    return status === 'ready' || status === 'loading';
  };
  const isItself = async (): Promise<boolean> => {
    const answer = run.origin === null ? null : await look(identity.path);
    return answer?.status === 200 && identity.servedModel(answer.body, spec, instanceId) !== null;
  };
  const isLookCostly = readiness.kind === 'one-token' || readiness.costsToken === true;
  return {
    isPresent: isLookCostly ? isItself : isResponding,
    isResponding,
    async isAsleep() {
      const { origin, servedModel } = run;
      if (sleep === undefined || origin === null || servedModel === null) return false;
      const answer = await look(sleep.status.path);
      return answer !== null && sleep.status.isAsleep(answer.body, servedModel);
    },
    async answersWithToken() {
      const { origin, servedModel } = run;
      if (origin === null || servedModel === null) return false;
      return answersWithToken(origin, servedModel, protocols);
    },
  };
}
