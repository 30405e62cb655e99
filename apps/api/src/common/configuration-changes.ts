import { Injectable } from '@nestjs/common';

export type ConfigurationKind = 'providers' | 'models' | 'routes' | 'keys';

/** Tells whoever keeps a picture of the configuration that it has changed. */
@Injectable()
export class ConfigurationChanges {
  private readonly listeners = new Set<(kind: ConfigurationKind) => void>();

  notify(kind: ConfigurationKind): void {
    for (const listener of this.listeners) listener(kind);
  }

  subscribe(listener: (kind: ConfigurationKind) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
