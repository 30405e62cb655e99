import {
  embeddedEngineStatus,
  installEmbeddedEngine,
  writeDemoModel,
  type FoundModel,
} from '#process';
import { Injectable } from '@nestjs/common';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';
import { FindAdoption } from '../discovery/find-adoption.service.js';
import type { MachineFindings } from '../discovery/machine-discovery.service.js';
import { LocalModelsService } from '../models/local-models.service.js';
import { ModelRoutesService } from '../routes/model-routes.service.js';

/** More than these are left for the panel, where each find is one click away. */
const maxFinds = 5;

type Say = (line: string) => void;
type Find = Pick<FoundModel, 'name' | 'modelPath' | 'endpoint' | 'upstreamModel'>;

/** Sees to it that the first request can be answered: with what the machine has, or else with the demo model. */
@Injectable()
export class FirstModel {
  constructor(
    private readonly config: AppConfig,
    private readonly host: HostEnvironment,
    private readonly models: LocalModelsService,
    private readonly routes: ModelRoutesService,
    private readonly adoption: FindAdoption,
  ) {}

  /** Makes local models and routes where there are none yet. */
  async provide(findings: MachineFindings | null, say: Say): Promise<void> {
    if ((await this.routes.snapshot()).length > 0) return this.installIfUsed(say);
    for (const find of usableFinds(findings)) await this.add(find, find.engines[0] ?? '', say);
    if ((await this.routes.snapshot()).length === 0) await this.provideDemo(say);
  }

  private async provideDemo(say: Say): Promise<void> {
    if (!this.config.isEmbeddedEngineAllowed) {
      say(
        'Nothing on this machine can serve a model yet, and SPILLWAY_EMBEDDED_ENGINE=off. Add a provider or a local model in the panel.',
      );
      return;
    }
    if (!(await this.install(say))) return;
    const folder = join(this.config.dataDir, 'models');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const modelPath = join(folder, 'demo.gguf');
    if (!existsSync(modelPath)) await writeDemoModel(modelPath);
    const demo = { name: 'demo', modelPath, endpoint: null, upstreamModel: null };
    await this.add(demo, 'embedded', say);
    say(
      'The model `demo` is scripted: it only proves that the whole line works. For real answers put a .gguf file into',
    );
    say(
      `${folder} (or name folders in SPILLWAY_MODEL_DIRS), or start an engine, and add it in the panel under "Local models".`,
    );
  }

  /** A data directory may outlive the checkout whose engine it used. */
  private async installIfUsed(say: Say): Promise<void> {
    if (!this.config.isEmbeddedEngineAllowed) return;
    const isUsed = (await this.models.snapshot()).some(
      ({ engine, isEnabled }) => engine === 'embedded' && isEnabled,
    );
    if (isUsed) await this.install(say);
  }

  private async install(say: Say): Promise<boolean> {
    const status = await embeddedEngineStatus();
    if (status.isInstalled) return true;
    if (!status.isPlatformSupported) {
      say(
        `The embedded engine does not run here: ${status.reason ?? 'no binary for this platform'}.`,
      );
      return false;
    }
    say('Installing the embedded engine (llama.cpp, about 85 MB, once) …');
    try {
      await installEmbeddedEngine({ onLine: () => undefined, environment: this.host.variables });
      return true;
    } catch (error) {
      say(
        `The embedded engine could not be installed: ${error instanceof Error ? error.message : String(error)}`,
      );
      say(
        'Everything else works; it is tried again at the next start (SPILLWAY_EMBEDDED_ENGINE=off stops that).',
      );
      return false;
    }
  }

  private async add(find: Find, engine: string, say: Say): Promise<void> {
    const { name } = find;
    try {
      await this.adoption.add(find, { name, engine });
      say(`Model \`${name}\` is ready to be called (${engine}).`);
    } catch (error) {
      say(
        `Model \`${name}\` was found but could not be added: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** What servers have loaded comes first, then the disk, for which an engine must be installed; each name once. */
function usableFinds(findings: MachineFindings | null): FoundModel[] {
  const finds = (findings?.models ?? []).filter(({ engines }) =>
    engines.some((engine) => engine !== 'embedded'),
  );
  const byName = new Map([...finds].reverse().map((find) => [find.name, find]));
  return [...byName.values()].reverse().slice(0, maxFinds);
}
