import { dirname } from 'node:path';
import type { Environment } from '../../child/child-environment.js';
import type {
  EngineDetection,
  EngineProtocol,
  LaunchContext,
  ManagedEnginePreset,
} from '../../engine-preset.js';
import { runsOn } from '../../engine-traits.js';
import type { EngineTraits } from '../../engine-traits.js';
import { checkModel, validateModel } from './check-model.js';
import { classifyExit } from './classify-exit.js';
import { findExecutable } from './find-executable.js';
import { readVersion } from './read-version.js';

/** What tells one engine that is a program from another. */
export interface ProgramEngine extends Pick<
  ManagedEnginePreset,
  'readiness' | 'identity' | 'contextTokens' | 'sleep' | 'loadProgress'
> {
  readonly id: string;
  /** Name on the PATH, or an absolute path. */
  readonly program: string;
  /** What to do when it is missing: the end of "No executable … was found." */
  readonly installHint: string;
  readonly versionArgs: readonly string[];
  readonly protocols: readonly EngineProtocol[];
  readonly traits: EngineTraits;
  args(context: LaunchContext): readonly string[];
  env?(context: LaunchContext): Readonly<Record<string, string>>;
}

/** A preset for a program that takes its port on the command line (or in the environment) and serves one model. */
export function createProgramPreset(engine: ProgramEngine): ManagedEnginePreset {
  const { program, traits } = engine;
  const locate = async (environment: Environment): Promise<EngineDetection> => {
    const path = await findExecutable(program, environment['PATH']);
    const reason = path === null ? missingReason(engine) : null;
    return { isAvailable: path !== null, path, version: null, reason };
  };
  return {
    ...engine,
    kind: 'managed',
    portFrom: 'args',
    maxBackoffMs: null,
    locate,
    async detect(environment) {
      const found = await locate(environment);
      if (found.path === null) return found;
      return { ...found, version: await readVersion(found.path, engine.versionArgs, environment) };
    },
    validate: (spec) => validateModel(traits.modelForm, spec),
    checkFiles: (spec) => checkModel(traits.modelForm, spec),
    launch: (context) => ({
      file: context.file,
      args: engine.args(context),
      env: engine.env?.(context) ?? {},
      cwd: workingFolder(traits, context),
      stdin: 'ignore',
    }),
    announcedPort: () => null,
    classifyExit,
  };
}

function missingReason({ program, installHint, traits }: ProgramEngine): string {
  return runsOn(traits.platforms)
    ? `No executable "${program}" was found. ${installHint}`
    : `${traits.title} does not run on this machine (${process.platform} ${process.arch}).`;
}

function workingFolder({ modelForm }: EngineTraits, { spec }: LaunchContext): string {
  if (spec.modelPath === null) return '/';
  return modelForm === 'gguf-file' ? dirname(spec.modelPath) : spec.modelPath;
}
