import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ProviderProbe } from '../providers/provider-probe.service.js';
import { RouteCatalog } from './route-catalog.service.js';

const askEveryMs = 6 * 3_600_000;
/** A gateway that has just started has better things to do. */
const firstAskMs = 30_000;

/** Asks providers what their models take: those alone that a route may send requests to anyway. It costs nothing. */
@Injectable()
export class AskForCapabilitiesTask implements OnApplicationBootstrap, OnModuleDestroy {
  private first: NodeJS.Timeout | null = null;

  constructor(
    private readonly routes: RouteCatalog,
    private readonly prober: ProviderProbe,
  ) {}

  onApplicationBootstrap(): void {
    this.first = setTimeout(() => void this.askAll(), firstAskMs).unref();
  }

  onModuleDestroy(): void {
    if (this.first !== null) clearTimeout(this.first);
  }

  /** One after the other; a provider that does not answer is asked again the next time. */
  @Interval(askEveryMs)
  async askAll(): Promise<void> {
    for (const id of this.routes.providersInUse()) await this.prober.probe(id).catch(() => null);
  }
}
