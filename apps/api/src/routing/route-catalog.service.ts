import { flatPrice, lookUpPrice, providerDefinitions, usuallySpoken, type Price } from '#adapters';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { GatewayError, type WireProtocolId } from '#translation';
import type { KeyPrincipal } from '../access/principal.js';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { LocalModelsService } from '../models/local-models.service.js';
import type { LocalModelSnapshot } from '../models/snapshot-of.js';
import { ToldCapabilities } from '../providers/told-capabilities.js';
import { ProvidersService, type ProviderSnapshot } from '../providers/providers.service.js';
import {
  ModelRoutesService,
  type ModelRouteSnapshot,
  type RouteTargetSnapshot,
} from '../routes/model-routes.service.js';
import { targetCapabilities } from './target-capabilities.js';
import type { ResolvedRoute, ResolvedTarget } from './resolved-target.js';

/** Prices in the table change by date, so what was looked up is looked up again. */
const refreshEveryMs = 3_600_000;

/** Proxies and people give up on a silent stream after half a minute or so. */
const defaultCommitAfterMs = 15_000;

/** All routes with their targets, rebuilt as a whole whenever the configuration changes; a look-up is one Map read. */
@Injectable()
export class RouteCatalog implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RouteCatalog.name);
  private routes: ReadonlyMap<string, ResolvedRoute> = new Map();
  private inUse: readonly string[] = [];
  private rebuilding: Promise<void> = Promise.resolve();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly modelRoutes: ModelRoutesService,
    private readonly providers: ProvidersService,
    private readonly localModels: LocalModelsService,
    private readonly changes: ConfigurationChanges,
    private readonly told: ToldCapabilities,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.unsubscribe = this.changes.subscribe(() => this.rebuild());
    await this.rebuild();
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  @Interval(refreshEveryMs)
  async refreshPrices(): Promise<void> {
    await this.rebuild().catch((error: unknown) =>
      this.logger.error(`the routes could not be read again: ${String(error)}`),
    );
  }

  /** Resolves when the catalog shows every change made before the call. */
  rebuild(): Promise<void> {
    // a build that failed must not keep later ones from running
    this.rebuilding = this.rebuilding.catch(() => undefined).then(() => this.build());
    return this.rebuilding;
  }

  list(key: KeyPrincipal): ResolvedRoute[] {
    return [...this.routes.values()].filter((route) => isAllowed(key, route.name));
  }

  /** For administrators, who may see every route. @throws GatewayError `model_not_found` */
  find(model: string): ResolvedRoute {
    const route = this.routes.get(model);
    if (route !== undefined) return route;
    throw new GatewayError(
      'model_not_found',
      `There is no enabled route \`${model.slice(0, 128)}\`.`,
      { path: 'model' },
    );
  }

  /** @throws GatewayError `model_not_found`, in the same words for a model that does not exist and one that is not allowed. */
  resolve(model: string, key: KeyPrincipal): ResolvedRoute {
    const route = this.routes.get(model);
    if (route !== undefined && isAllowed(key, model)) return route;
    const names = this.list(key).map(({ name }) => `\`${name}\``);
    const known =
      names.length === 0
        ? 'There is no model yet; add a route in the panel.'
        : `Models for this key: ${names.slice(0, 20).join(', ')}.`;
    throw new GatewayError(
      'model_not_found',
      `The model \`${model.slice(0, 128)}\` does not exist or this key may not use it. ${known}`,
      { path: 'model' },
    );
  }

  /** Ids of the providers that some route may send requests to. */
  providersInUse(): readonly string[] {
    return this.inUse;
  }

  private async build(): Promise<void> {
    const [routes, providers, models] = await Promise.all([
      this.modelRoutes.snapshot(),
      this.providers.snapshot(),
      this.localModels.snapshot(),
    ]);
    this.inUse = providersOf(routes);
    const providerOf = new Map(providers.map((provider) => [provider.id, provider]));
    const modelOf = new Map(models.map((model) => [model.id, model]));
    const resolve = (target: RouteTargetSnapshot, route: ModelRouteSnapshot): ResolvedTarget[] => {
      const model = target.localModelId === null ? undefined : modelOf.get(target.localModelId);
      if (model !== undefined) return [localTarget(model, target, route)];
      const provider = target.providerId === null ? undefined : providerOf.get(target.providerId);
      return provider === undefined ? [] : [this.providerTarget(provider, target, route)];
    };
    this.routes = new Map(routes.map((route) => [route.name, resolvedRoute(route, resolve)]));
  }

  private providerTarget(
    provider: ProviderSnapshot,
    target: RouteTargetSnapshot,
    route: ModelRouteSnapshot,
  ): ResolvedTarget {
    const base = new URL(provider.baseUrl);
    const upstreamModel = target.upstreamModel ?? '';
    return {
      kind: 'provider',
      label: `provider:${provider.name}/${upstreamModel}`,
      upstreamModel,
      price: priceOf(provider, target),
      firstByteTimeoutMs: route.firstByteTimeoutMs,
      spoken: spokenProtocols(provider),
      origin: base.origin,
      basePath: base.pathname.replace(/\/$/, ''),
      allowPrivateNetwork: provider.allowPrivateNetwork,
      capabilities: targetCapabilities(
        { isLocal: false, baseUrl: provider.baseUrl, model: upstreamModel },
        { ...this.told.of(provider.id, upstreamModel), ...target.capabilities },
      ),
      credential: () => this.providers.credentialOf(provider.id),
    };
  }
}

function providersOf(routes: readonly ModelRouteSnapshot[]): string[] {
  const open = routes.filter(({ cloud, isPrivate }) => cloud !== 'never' && !isPrivate);
  const ids = open.flatMap(({ targets }) => targets.map(({ providerId }) => providerId));
  return [...new Set(ids.filter((id) => id !== null))];
}

function resolvedRoute(
  route: ModelRouteSnapshot,
  resolve: (target: RouteTargetSnapshot, route: ModelRouteSnapshot) => ResolvedTarget[],
): ResolvedRoute {
  const targets = route.targets.flatMap((target) => resolve(target, route));
  return {
    id: route.id,
    name: route.name,
    cloud: route.cloud,
    isPrivate: route.isPrivate,
    createdAtMs: route.createdAt,
    lossMode: route.lossMode,
    waiting: {
      whenCold: route.whenCold,
      maxWaitMs: route.maxWaitMs,
      commitAfterMs: route.commitAfterMs ?? defaultCommitAfterMs,
      hedgeAfterMs: route.hedgeAfterMs,
    },
    fallbackBudgetNanos: route.fallbackBudgetNanos,
    fallbackBudgetWindow: route.fallbackBudgetWindow,
    hasLocalTarget: targets.some(({ kind }) => kind === 'local'),
    targets,
  };
}

/** The protocol it was entered with first, then what the owner says and what such upstreams usually speak as well. */
function spokenProtocols({ protocol, alsoSpeaks, baseUrl }: ProviderSnapshot): WireProtocolId[] {
  const { siblings } = providerDefinitions[protocol];
  return [...new Set([protocol, ...(alsoSpeaks ?? usuallySpoken(baseUrl)), ...siblings])];
}

function localTarget(
  model: LocalModelSnapshot,
  target: RouteTargetSnapshot,
  route: ModelRouteSnapshot,
): ResolvedTarget {
  return {
    kind: 'local',
    label: `local:${model.name}`,
    upstreamModel: model.name,
    price: 'free',
    firstByteTimeoutMs: route.firstByteTimeoutMs,
    spec: model,
    capabilities: targetCapabilities(
      {
        isLocal: true,
        baseUrl: '',
        engine: model.engine,
        model: model.upstreamModel ?? model.name,
      },
      { ...model.capabilities, ...target.capabilities },
    ),
  };
}

function priceOf(provider: ProviderSnapshot, target: RouteTargetSnapshot): Price | 'free' | null {
  if (provider.isFree) return 'free';
  if (target.priceInputNanosPerMTok !== null && target.priceOutputNanosPerMTok !== null) {
    return ownPrice(target.priceInputNanosPerMTok, target.priceOutputNanosPerMTok);
  }
  return lookUpPrice({
    baseUrl: provider.baseUrl,
    model: target.upstreamModel ?? '',
    priceProvider: provider.priceProvider,
    at: new Date(),
  });
}

/** Nano-dollars per million tokens are a thousandth of a pico-dollar per token; the finest step kept is one pico. */
function ownPrice(inputNanosPerMTok: number, outputNanosPerMTok: number): Price {
  const perToken = (nanosPerMTok: number): bigint => (BigInt(nanosPerMTok) + 500n) / 1000n;
  return {
    input: flatPrice(perToken(inputNanosPerMTok)),
    output: flatPrice(perToken(outputNanosPerMTok)),
    cacheRead: null,
    cacheWrite: null,
    cacheWriteLong: null,
    inputAudio: null,
    outputAudio: null,
    source: 'route',
  };
}

function isAllowed(key: KeyPrincipal, routeName: string): boolean {
  return key.allowedRoutes === null || key.allowedRoutes.has(routeName);
}
