import 'reflect-metadata';
import { shippedEngines, Supervisor, type LocalModelSpec } from '#process';
import { Controller, Get, Post, Req } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { AccessGuard } from '../../apps/api/src/access/access.guard.js';
import { AccessModule } from '../../apps/api/src/access/access.module.js';
import { AdminOnly } from '../../apps/api/src/access/admin-only.decorator.js';
import { Inference } from '../../apps/api/src/access/inference.decorator.js';
import { keyOf } from '../../apps/api/src/access/principal.js';
import { Public } from '../../apps/api/src/access/public.decorator.js';
import { AuthModule } from '../../apps/api/src/auth/auth.module.js';
import { SetupService } from '../../apps/api/src/auth/setup.service.js';
import { GatewayExceptionFilter } from '../../apps/api/src/common/http/gateway-exception.filter.js';
import { GatewayIds } from '../../apps/api/src/common/gateway-ids.js';
import { registerBodyParser } from '../../apps/api/src/common/http/register-body-parser.js';
import { SharedModule } from '../../apps/api/src/common/shared.module.js';
import type { AppConfig } from '../../apps/api/src/config/app-config.js';
import { ConfigModule } from '../../apps/api/src/config/config.module.js';
import { HostEnvironment } from '../../apps/api/src/config/host-environment.js';
import { DashboardModule } from '../../apps/api/src/dashboard/dashboard.module.js';
import { DatabaseModule } from '../../apps/api/src/database/database.module.js';
import { KeysModule } from '../../apps/api/src/keys/keys.module.js';
import { LogsModule } from '../../apps/api/src/logs/logs.module.js';
import { EngineCatalog } from '../../apps/api/src/models/engine-catalog.js';
import {
  LocalModelControl,
  type LocalModelStanding,
} from '../../apps/api/src/models/local-model-control.js';
import { LocalModelsModule } from '../../apps/api/src/models/local-models.module.js';
import { ModelFolders } from '../../apps/api/src/models/model-folders.js';
import { ProvidersModule } from '../../apps/api/src/providers/providers.module.js';
import { ModelRoutesModule } from '../../apps/api/src/routes/model-routes.module.js';
import { SpendReader } from '../../apps/api/src/common/money/spend-reader.js';

export const admin = { username: 'tester', password: 'correct horse battery' } as const;

/** Stands in for the engines: remembers what it was told. */
export class RecordedModelControl extends LocalModelControl {
  readonly calls: string[] = [];

  /** What its models are said to be. */
  standing: LocalModelStanding = { state: 'cold', reason: null, leases: 0 };
  isPaused = false;

  override view() {
    return this.standing;
  }

  override isLoadingPaused() {
    return this.isPaused;
  }

  override configure({ id, revision }: LocalModelSpec): void {
    void this.record('configure', `${id} ${revision}`);
  }

  override start({ id }: LocalModelSpec): Promise<void> {
    return this.record('start', id);
  }

  override warm({ id }: LocalModelSpec): Promise<void> {
    return this.record('warm', id);
  }

  override sleep(id: string): void {
    void this.record('sleep', id);
  }

  override unload(id: string): void {
    void this.record('unload', id);
  }

  override stop(id: string): Promise<void> {
    return this.record('stop', id);
  }

  override forget(id: string): Promise<void> {
    return this.record('forget', id);
  }

  private record(call: string, id: string): Promise<void> {
    this.calls.push(`${call} ${id}`);
    return Promise.resolve();
  }
}

class NothingSpent extends SpendReader {
  override ofKey() {
    return { spentNanos: 0, heldNanos: 0 };
  }

  override ofKeyFallback() {
    return this.ofKey();
  }

  override ofRouteFallback() {
    return this.ofKey();
  }
}

class ProbeController {
  answer(): { ok: true } {
    return { ok: true };
  }

  infer(request: FastifyRequest): { key: string } {
    return { key: keyOf(request).name };
  }
}

/** Routes of every kind, so that the guard can be tried apart from what it guards. Decorated by hand: this folder is compiled without decorators. */
function probeController(): typeof ProbeController {
  const mark = (name: string, ...decorators: MethodDecorator[]): void => {
    const { answer, infer } = ProbeController.prototype;
    // each its own function, because a decorator's mark hangs on the function
    const value = (request: FastifyRequest): unknown =>
      name === 'inference' ? infer(request) : answer();
    const own = { value, configurable: true, writable: true };
    Object.defineProperty(ProbeController.prototype, name, own);
    for (const decorator of decorators) decorator(ProbeController.prototype, name, own);
    Req()(ProbeController.prototype, name, 0);
  };
  mark('open', Get('public'), Public());
  mark('read', Get('unmarked'));
  mark('change', Post('unmarked'));
  mark('adminOnly', Get('admin'), AdminOnly());
  mark('inference', Post('inference'), Inference());
  Controller('probe')(ProbeController);
  return ProbeController;
}

export interface ManagementAppOptions {
  readonly dataDir?: string;
  readonly config?: Partial<AppConfig>;
  /** Without it the gateway is left as it is on its first start. */
  readonly isSetUp?: boolean;
}

export interface ManagementApp {
  readonly app: NestFastifyApplication;
  readonly dataDir: string;
  readonly modelDir: string;
  readonly origin: string;
  readonly host: string;
  readonly models: RecordedModelControl;
  /** The first administrator's token; empty when nobody was set up. */
  readonly token: string;
  /** A call that carries the administrator's token. */
  call(method: 'get' | 'post' | 'put' | 'delete', path: string, token?: string): supertest.Test;
  /** Stops the app; the data stays. */
  close(): Promise<void>;
  /** Stops the app and removes its data. */
  remove(): Promise<void>;
}

/** The management API with its database, guard and filter on a loopback port, without engines. */
export async function openManagementApp(
  options: ManagementAppOptions = {},
): Promise<ManagementApp> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'spillway-management-'));
  const modelDir = join(dataDir, 'models');
  mkdirSync(modelDir, { recursive: true });
  const models = new RecordedModelControl();
  const app = await createApp({ ...configOf(dataDir), ...options.config }, modelDir, models);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const host = `127.0.0.1:${port}`;
  const origin = `http://${host}`;
  const token = options.isSetUp === false ? '' : await signIn(app, origin, options.dataDir);
  return {
    app,
    dataDir,
    modelDir,
    origin,
    host,
    models,
    token,
    call: (method, path, own = token) =>
      supertest(origin)[method](path).set('authorization', `Bearer ${own}`),
    close: () => app.close(),
    remove: async () => {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function signIn(
  app: NestFastifyApplication,
  origin: string,
  usedDataDir: string | undefined,
): Promise<string> {
  const setupToken = await app.get(SetupService, { strict: false }).issueToken();
  const path = setupToken === null ? 'login' : 'setup';
  const answer = await supertest(origin)
    .post(`/api/auth/${path}`)
    .send(setupToken === null ? admin : { token: setupToken, ...admin });
  if (answer.status !== 200) {
    throw new Error(`${path} of ${usedDataDir ?? 'a new folder'}: ${answer.text}`);
  }
  return (answer.body as { token: string }).token;
}

function configOf(dataDir: string): AppConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    dataDir,
    allowedHosts: ['gateway.example'],
    modelFolders: [],
    drainMs: 0,
    engineSilenceMs: 300_000,
    memoryBudget: {},
    onGatewayDeath: 'stop',
    spillOverLimits: { percent: null, nanosPerHour: null },
    isEmbeddedEngineAllowed: false,
    isDiscoveryEnabled: false,
    isModelDownloadEnabled: false,
    hub: {
      url: 'https://huggingface.co',
      allowPrivateNetwork: false,
      cacheFolder: join(dataDir, 'models'),
      token: null,
    },
    logLevel: 'error',
    llamaServerPath: null,
    version: '0.0.0-test',
  } as AppConfig;
}

async function createApp(
  config: AppConfig,
  modelDir: string,
  models: RecordedModelControl,
): Promise<NestFastifyApplication> {
  class Surroundings {}
  class ManagementTestModule {}
  const surroundings = {
    module: Surroundings,
    global: true,
    controllers: [probeController()],
    providers: [
      { provide: LocalModelControl, useValue: models },
      { provide: ModelFolders, useValue: { list: () => [modelDir] } },
      { provide: EngineCatalog, useValue: new EngineCatalog(shippedEngines()) },
      { provide: Supervisor, useValue: { list: () => [] } },
      { provide: SpendReader, useValue: new NothingSpent() },
    ],
    exports: [LocalModelControl, ModelFolders, EngineCatalog, Supervisor, SpendReader],
  };
  const root = {
    module: ManagementTestModule,
    imports: [
      ConfigModule.withConfig(config, new HostEnvironment({})),
      SharedModule.withIds(new GatewayIds()),
      surroundings,
      DatabaseModule,
      AccessModule,
      AuthModule,
      KeysModule,
      ProvidersModule,
      LocalModelsModule,
      ModelRoutesModule,
      LogsModule,
      DashboardModule,
    ],
    providers: [
      { provide: APP_GUARD, useExisting: AccessGuard },
      { provide: APP_FILTER, useClass: GatewayExceptionFilter },
    ],
  };
  const adapter = new FastifyAdapter({ logger: false, exposeHeadRoutes: false });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    logger: ['error'],
    abortOnError: false,
  });
  registerBodyParser(adapter.getInstance() as unknown as FastifyInstance);
  return app;
}
