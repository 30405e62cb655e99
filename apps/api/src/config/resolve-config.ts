import { packageRoot } from '#process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseUsd } from '../common/money/parse-usd.js';
import type { AppConfig, HubSettings } from './app-config.js';
import { readEnv, type Env } from './env.js';

/** Turns the environment into the frozen settings. @throws Error listing every fault. */
export function resolveConfig(source: Readonly<Record<string, string | undefined>>): AppConfig {
  const env = readEnv(source);
  const dataDir = resolve(env.SPILLWAY_DATA_DIR || join(homedir(), '.spillway'));
  const hub = hubSettings(env, dataDir);
  return Object.freeze({
    host: env.SPILLWAY_HOST,
    port: env.SPILLWAY_PORT,
    dataDir,
    allowedHosts: splitList(env.SPILLWAY_ALLOWED_HOSTS, ',').map((host) => host.toLowerCase()),
    modelFolders: [
      ...splitList(env.SPILLWAY_MODEL_DIRS, delimiter).map((folder) => resolve(folder)),
      // what is fetched there must be found there
      ...(env.SPILLWAY_HUB_CACHE === '' ? [] : [hub.cacheFolder]),
    ],
    drainMs: env.SPILLWAY_DRAIN_MS,
    engineSilenceMs: env.SPILLWAY_ENGINE_SILENCE_MS,
    memoryBudget: readMemoryBudget(env.SPILLWAY_MEMORY_BUDGET_MB),
    onGatewayDeath: env.SPILLWAY_ON_GATEWAY_DEATH,
    spillOverLimits: Object.freeze({
      percent: env.SPILLWAY_SPILL_ALARM_PERCENT || null,
      nanosPerHour: parseUsd(env.SPILLWAY_SPILL_ALARM_USD_PER_HOUR),
    }),
    isEmbeddedEngineAllowed: env.SPILLWAY_EMBEDDED_ENGINE === 'auto',
    isDiscoveryEnabled: env.SPILLWAY_DISCOVERY === 'on',
    isModelDownloadEnabled: env.SPILLWAY_MODEL_DOWNLOADS === 'on',
    hub,
    logLevel: env.SPILLWAY_LOG_LEVEL,
    llamaServerPath: env.LLAMA_SERVER_BIN || null,
    version: readVersion(),
  });
}

function hubSettings(env: Env, dataDir: string): HubSettings {
  return Object.freeze({
    url: env.SPILLWAY_HUB_URL.replace(/\/+$/, ''),
    allowPrivateNetwork: env.SPILLWAY_HUB_PRIVATE_NETWORK === 'on',
    cacheFolder: resolve(env.SPILLWAY_HUB_CACHE || join(dataDir, 'models')),
    token: env.HF_TOKEN.trim() || null,
  });
}

/** Bytes by pool; a number alone is for main memory. */
function readMemoryBudget(text: string): Readonly<Record<string, number>> {
  const parts = splitList(text.includes('=') || text === '' ? text : `ram=${text}`, ',');
  const entries = parts.map((part) => {
    const [pool = '', mebibytes] = part.split('=');
    return [pool, Number(mebibytes) * 1024 * 1024] as const;
  });
  return Object.fromEntries(entries);
}

function splitList(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function readVersion(): string {
  const manifest = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
