import { discover, embeddedEngineStatus, type Discovery, type FoundModel } from '#process';
import { Injectable } from '@nestjs/common';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';
import { EngineCatalog } from '../models/engine-catalog.js';
import { ModelFolders } from '../models/model-folders.js';
import { findEnvironmentKeys, type EnvironmentKey } from './environment-keys.js';

export interface MachineFindings extends Discovery {
  readonly environmentKeys: readonly EnvironmentKey[];
  readonly embeddedEngine: {
    readonly isInstalled: boolean;
    readonly isAllowed: boolean;
    readonly reason: string | null;
  };
}

/** Looks round on this machine: engines, model servers that listen already, model files, provider keys. */
@Injectable()
export class MachineDiscovery extends ModelFolders {
  private folders: readonly string[];
  private finds: readonly FoundModel[] = [];

  constructor(
    private readonly config: AppConfig,
    private readonly host: HostEnvironment,
    private readonly catalog: EngineCatalog,
  ) {
    super();
    this.folders = this.ownFolders();
  }

  override list(): readonly string[] {
    return this.folders;
  }

  async look(): Promise<MachineFindings> {
    const { isEmbeddedEngineAllowed } = this.config;
    const found = await discover({
      presets: this.catalog.presets.filter(
        ({ id }) => id !== 'embedded' || isEmbeddedEngineAllowed,
      ),
      environment: this.host.variables,
      homeDir: homedir(),
      modelFolders: this.ownFolders(),
      skipPorts: [this.config.port],
    });
    this.folders = [...new Set([...this.ownFolders(), ...found.modelFolders])];
    this.finds = found.models;
    const { isInstalled, reason } = await embeddedEngineStatus();
    return {
      ...found,
      // it comes with the product, and is told of apart
      engines: found.engines.filter(({ id }) => id !== 'embedded'),
      modelFolders: [...this.folders],
      environmentKeys: findEnvironmentKeys(this.host.variables),
      embeddedEngine: { isInstalled, isAllowed: isEmbeddedEngineAllowed, reason },
    };
  }

  /** A find of the last look, or of a new one; null when there is none of that id. */
  async find(id: string): Promise<FoundModel | null> {
    const known = this.finds.find((find) => find.id === id);
    if (known !== undefined) return known;
    await this.look();
    return this.finds.find((find) => find.id === id) ?? null;
  }

  private ownFolders(): string[] {
    return [join(this.config.dataDir, 'models'), ...this.config.modelFolders];
  }
}
