import { findUrlFault } from '#adapters';
import { plainToInstance, Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsInt, IsString, Matches, Max, Min, validateSync } from 'class-validator';
import type { LogLevel } from './app-config.js';

const wholeNumber = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value.trim()) : value;

/**
 * Every environment variable the gateway reads, and nothing else reads the environment.
 * `docs/configuration.md` describes each; a test keeps both equal.
 */
export class Env {
  @IsString()
  @Matches(/^[0-9A-Za-z.:-]+$/, { message: 'SPILLWAY_HOST must be an IP address or a host name' })
  SPILLWAY_HOST = '127.0.0.1';

  @Transform(wholeNumber)
  @IsInt({ message: 'SPILLWAY_PORT must be a whole number from 0 (any free port) to 65535' })
  @Min(0, { message: 'SPILLWAY_PORT must be at least 0' })
  @Max(65_535, { message: 'SPILLWAY_PORT must be at most 65535' })
  SPILLWAY_PORT = 4747;

  /** Empty = `.spillway` in the home directory. */
  @IsString()
  SPILLWAY_DATA_DIR = '';

  /** Comma-separated host names. */
  @IsString()
  SPILLWAY_ALLOWED_HOSTS = '';

  /** Folders with GGUF files, separated like PATH. */
  @IsString()
  SPILLWAY_MODEL_DIRS = '';

  @Transform(wholeNumber)
  @IsInt({ message: 'SPILLWAY_DRAIN_MS must be a whole number of milliseconds' })
  @Min(0)
  @Max(3_600_000, { message: 'SPILLWAY_DRAIN_MS must be at most 3600000 (one hour)' })
  SPILLWAY_DRAIN_MS = 30_000;

  @Transform(wholeNumber)
  @IsInt({ message: 'SPILLWAY_ENGINE_SILENCE_MS must be a whole number of milliseconds' })
  @Min(1000, { message: 'SPILLWAY_ENGINE_SILENCE_MS must be at least 1000' })
  @Max(3_600_000, { message: 'SPILLWAY_ENGINE_SILENCE_MS must be at most 3600000 (one hour)' })
  SPILLWAY_ENGINE_SILENCE_MS = 300_000;

  /** Empty = what the machine has, less a part for everything else. */
  @Matches(/^(\d{0,9}|(ram|gpu\d{1,2})=\d{1,9}(,(ram|gpu\d{1,2})=\d{1,9})*)$/, {
    message:
      'SPILLWAY_MEMORY_BUDGET_MB must be a whole number of mebibytes, or a list such as ram=16000,gpu0=22000',
  })
  SPILLWAY_MEMORY_BUDGET_MB = '';

  @IsIn(['stop', 'keep'], { message: 'SPILLWAY_ON_GATEWAY_DEATH must be "stop" or "keep"' })
  SPILLWAY_ON_GATEWAY_DEATH: 'stop' | 'keep' = 'stop';

  /** 0 = no alarm. */
  @Transform(wholeNumber)
  @IsInt({ message: 'SPILLWAY_SPILL_ALARM_PERCENT must be a whole number from 1 to 100, or 0' })
  @Min(0, { message: 'SPILLWAY_SPILL_ALARM_PERCENT must be at least 0' })
  @Max(100, { message: 'SPILLWAY_SPILL_ALARM_PERCENT must be at most 100' })
  SPILLWAY_SPILL_ALARM_PERCENT = 0;

  /** US dollars in decimals; empty = no alarm. */
  @Matches(/^(\d{1,6}(\.\d{1,9})?)?$/, {
    message: 'SPILLWAY_SPILL_ALARM_USD_PER_HOUR must be an amount of US dollars such as 2.50',
  })
  SPILLWAY_SPILL_ALARM_USD_PER_HOUR = '';

  @IsIn(['auto', 'off'], { message: 'SPILLWAY_EMBEDDED_ENGINE must be "auto" or "off"' })
  SPILLWAY_EMBEDDED_ENGINE: 'auto' | 'off' = 'auto';

  @IsIn(['on', 'off'], { message: 'SPILLWAY_DISCOVERY must be "on" or "off"' })
  SPILLWAY_DISCOVERY: 'on' | 'off' = 'on';

  @IsIn(['on', 'off'], { message: 'SPILLWAY_MODEL_DOWNLOADS must be "on" or "off"' })
  SPILLWAY_MODEL_DOWNLOADS: 'on' | 'off' = 'off';

  @IsString()
  SPILLWAY_HUB_URL = 'https://huggingface.co';

  /** May the hub be at a private or loopback address? */
  @IsIn(['on', 'off'], { message: 'SPILLWAY_HUB_PRIVATE_NETWORK must be "on" or "off"' })
  SPILLWAY_HUB_PRIVATE_NETWORK: 'on' | 'off' = 'off';

  /** Empty = `models` in the data directory. */
  @IsString()
  SPILLWAY_HUB_CACHE = '';

  /** A token of the hub. Not checked: it may be there for other programs. */
  @IsString()
  HF_TOKEN = '';

  @IsIn(['error', 'warn', 'info', 'debug'], {
    message: 'SPILLWAY_LOG_LEVEL must be one of error, warn, info, debug',
  })
  SPILLWAY_LOG_LEVEL: LogLevel = 'info';

  /** A llama-server binary that is not on the PATH. */
  @IsString()
  LLAMA_SERVER_BIN = '';
}

/**
 * Checks the environment as a whole.
 * @throws Error with one line per fault, so that all of them can be mended at once.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const names = Object.keys(new Env());
  const given = Object.fromEntries(
    names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])),
  );
  const unknown = Object.keys(source).filter(
    (name) => name.startsWith('SPILLWAY_') && !names.includes(name),
  );
  const env = plainToInstance(Env, given, { exposeDefaultValues: true });
  const faults = validateSync(env).flatMap((fault) => Object.values(fault.constraints ?? {}));
  const hubFault = findHubFault(env);
  if (hubFault !== null) faults.push(hubFault);
  faults.push(
    ...unknown.map((name) => `${name} is not a setting of Spillway; see docs/configuration.md`),
  );
  if (faults.length > 0) {
    throw new Error(`The environment is not usable:\n${faults.map((f) => `  - ${f}`).join('\n')}`);
  }
  return env;
}

function findHubFault({ SPILLWAY_HUB_URL, SPILLWAY_HUB_PRIVATE_NETWORK }: Env): string | null {
  const fault = findUrlFault(SPILLWAY_HUB_URL, SPILLWAY_HUB_PRIVATE_NETWORK === 'on');
  if (fault === null) return null;
  const inOwnWords = fault
    .replaceAll('allowPrivateNetwork', 'SPILLWAY_HUB_PRIVATE_NETWORK=on')
    .replace('put the secret into `credential`', 'store it in the panel')
    .replace('api.example.com/v1', 'huggingface.co');
  return `SPILLWAY_HUB_URL ${inOwnWords}`;
}
