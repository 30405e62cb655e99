import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';
import { resolveConfig } from '../config/resolve-config.js';
import { createApp } from '../create-app.js';
import { DrainState } from '../gateway/drain-state.js';
import { claimDataDir } from './claim-data-dir.js';
import { describeStartFailure } from './describe-start-failure.js';
import { Onboarding } from './onboarding.service.js';

/** After the drain time everything else (engines, log, database) has this long before the process just ends. */
const stopDeadlineMs = 20_000;

/**
 * Starts the gateway and ties its life to the process: a first SIGTERM or SIGINT drains, a second one hurries.
 * A start that cannot succeed ends with one clear message and exit code 1.
 */
export async function startGateway(
  source: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  let isStopping = (): boolean => false;
  try {
    const config = resolveConfig(source);
    prepareDataDir(config.dataDir);
    const releaseDataDir = claimDataDir(config.dataDir);
    const app = await createApp(config, new HostEnvironment(source));
    isStopping = stopOnSignals(app, config, releaseDataDir);
    await app.listen(config.port, config.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    process.stdout.write(`Spillway ${config.version} listening on ${origin}\n`);
    await app.get(Onboarding).welcome(origin);
  } catch (error) {
    // What was still being set up lost its database to the stop, which ends the process by itself.
    if (isStopping()) return;
    process.stderr.write(`\nSpillway could not start.\n${describeStartFailure(error)}\n`);
    process.exit(1);
  }
}

function prepareDataDir(dataDir: string): void {
  process.umask(0o077);
  makeFolder(dataDir);
  chmodSync(dataDir, 0o700);
}

/** Folder by folder: the recursive form never comes back where the system answers "no such entry" to every attempt (/proc). */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (existsSync(path)) return;
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const isImpossible = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw isImpossible
      ? Object.assign(new Error(`${path} cannot be made`), { code: 'EACCES', path })
      : error;
  }
}

/** @returns whether a stop was asked for */
function stopOnSignals(
  app: NestFastifyApplication,
  config: AppConfig,
  releaseDataDir: () => void,
): () => boolean {
  const logger = new Logger('Shutdown');
  let signals = 0;
  const stop = async (): Promise<void> => {
    signals += 1;
    if (signals > 1) return hurry(app);
    const drain = app.get(DrainState);
    logger.log(
      `stopping: ${drain.inFlight} requests may finish within ${config.drainMs / 1000} s (a second signal stops at once)`,
    );
    await drain.drain(config.drainMs);
    setTimeout(() => process.exit(1), stopDeadlineMs).unref();
    await app.close();
    releaseDataDir();
    process.exit(0);
  };
  const onSignal = (): void => {
    stop().catch((error: unknown) => {
      logger.error(`stopping failed: ${String(error)}`);
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return () => signals > 0;
}

/** A second signal: what still runs is interrupted now; the first stop then comes to its end. */
async function hurry(app: NestFastifyApplication): Promise<void> {
  await app.get(DrainState).drain(0);
}
