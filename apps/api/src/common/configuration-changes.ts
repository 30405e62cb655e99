import { Injectable } from '@nestjs/common';

export type ConfigurationKind = 'providers' | 'models' | 'routes' | 'keys';

type Listener = (kind: ConfigurationKind) => void | Promise<void>;

/** Tells whoever keeps a picture of the configuration that it has changed. */
@Injectable()
export class ConfigurationChanges {
  private readonly listeners = new Set<Listener>();

  /** Resolves when every picture shows the change, so that the answer to an edit promises what the next request sees. */
  async notify(kind: ConfigurationKind): Promise<void> {
    await Promise.all([...this.listeners].map(async (listener) => listener(kind)));
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
