import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import { GatewayIds } from './common/gateway-ids.js';
import { answerBrokenHttp } from './common/http/answer-broken-http.js';
import { normalizeUrl } from './common/http/normalize-url.js';
import { refuseUnroutable } from './common/http/refuse-unroutable.js';
import { registerBodyParser } from './common/http/register-body-parser.js';
import { toPublicId } from './common/time-ordered-id.js';
import type { AppConfig } from './config/app-config.js';
import type { HostEnvironment } from './config/host-environment.js';
import { createLogger } from './observability/create-logger.js';
import { servePanel } from './panel/serve-panel.js';

/** A request must have arrived whole this soon, or whoever sends it only holds a socket. */
const requestTimeoutMs = 60_000;
const callerProbeMs = 60_000;

/** Builds the application; the one way for the product and for tests. Does not listen yet. */
export async function createApp(
  config: AppConfig,
  host: HostEnvironment,
): Promise<NestFastifyApplication> {
  const ids = new GatewayIds();
  const adapter = new FastifyAdapter({
    logger: false,
    exposeHeadRoutes: false,
    // the limit holds only because the headers' own limit is not longer and the check runs often enough
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: 30_000,
      connectionsCheckingInterval: 5_000,
      // a caller whose machine went away says nothing: the system asks for it while it waits or is idle
      keepAlive: true,
      keepAliveInitialDelay: callerProbeMs,
    },
    keepAliveTimeout: 75_000,
    forceCloseConnections: true,
    rewriteUrl: normalizeUrl,
    frameworkErrors: refuseUnroutable,
    clientErrorHandler: answerBrokenHttp,
    genReqId: () => toPublicId('req', ids.next()),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.withConfig(config, host, ids),
    adapter,
    {
      bodyParser: false,
      logger: createLogger(config.logLevel),
      abortOnError: false,
    },
  );
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  registerBodyParser(fastify);
  await servePanel(fastify);
  return app;
}
