import { discover, embeddedEngineStatus, type Discovery } from '#process';
import { Injectable } from '@nestjs/common';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';
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

  constructor(
    private readonly config: AppConfig,
    private readonly host: HostEnvironment,
  ) {
    super();
    this.folders = this.ownFolders();
  }

  override list(): readonly string[] {
    return this.folders;
  }

  async look(): Promise<MachineFindings> {
    const found = await discover({
      environment: this.host.variables,
      homeDir: homedir(),
      modelFolders: this.ownFolders(),
      skipPorts: [this.config.port],
    });
    this.folders = [...new Set([...this.ownFolders(), ...found.modelFolders])];
    const { isInstalled, reason } = await embeddedEngineStatus();
    return {
      ...found,
      modelFolders: [...this.folders],
      environmentKeys: findEnvironmentKeys(this.host.variables),
      embeddedEngine: { isInstalled, isAllowed: this.config.isEmbeddedEngineAllowed, reason },
    };
  }

  private ownFolders(): string[] {
    return [join(this.config.dataDir, 'models'), ...this.config.modelFolders];
  }
}
