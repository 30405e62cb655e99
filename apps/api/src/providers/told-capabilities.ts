import type { ListedModel } from '#adapters';
import { Injectable } from '@nestjs/common';
import type { ModelCapabilities } from '#translation';

/** What providers say of their models, as of the last time they were asked; nothing until then. */
@Injectable()
export class ToldCapabilities {
  private readonly models = new Map<string, ReadonlyMap<string, Partial<ModelCapabilities>>>();

  /** Is anything new in it? */
  note(providerId: string, listed: readonly ListedModel[]): boolean {
    const before = this.models.get(providerId) ?? new Map<string, Partial<ModelCapabilities>>();
    const now = new Map(
      listed.flatMap(({ id, told }) =>
        Object.keys(told).length === 0 ? [] : [[id, told] as const],
      ),
    );
    this.models.set(providerId, now);
    return JSON.stringify([...before]) !== JSON.stringify([...now]);
  }

  of(providerId: string, model: string): Partial<ModelCapabilities> {
    return this.models.get(providerId)?.get(model) ?? {};
  }
}
