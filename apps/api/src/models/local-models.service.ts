import type { EnginePreset } from '#process';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { randomUUID } from 'node:crypto';
import { DataSource, type Repository } from 'typeorm';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { orNotFound } from '../common/management/not-found.js';
import { refuseBrokenReferences } from '../common/management/refuse-broken-references.js';
import { refuseDuplicates } from '../common/management/refuse-duplicates.js';
import { ValidationFault } from '../common/management/validation-fault.js';
import { checkModelPlace } from './check-model-place.js';
import { EngineCatalog } from './engine-catalog.js';
import { LocalModelControl } from './local-model-control.js';
import type { CreateLocalModelDto, UpdateLocalModelDto } from './local-model.dto.js';
import { LocalModel } from './local-model.entity.js';
import { ModelFolders } from './model-folders.js';
import { snapshotOf, type LocalModelSnapshot } from './snapshot-of.js';

const defaultIdleStopMs = 300_000;

@Injectable()
export class LocalModelsService {
  constructor(
    @InjectRepository(LocalModel) private readonly models: Repository<LocalModel>,
    private readonly dataSource: DataSource,
    private readonly changes: ConfigurationChanges,
    private readonly folders: ModelFolders,
    private readonly engines: EngineCatalog,
    private readonly control: LocalModelControl,
  ) {}

  async get(id: string): Promise<LocalModel> {
    return orNotFound(await this.models.findOneBy({ id }), 'local model');
  }

  /** All of them; the disabled ones say so themselves, so that requests can be told why. */
  async snapshot(): Promise<readonly LocalModelSnapshot[]> {
    return (await this.models.find()).map(snapshotOf);
  }

  async create(fields: CreateLocalModelDto): Promise<LocalModel> {
    const now = Date.now();
    const model: LocalModel = {
      id: randomUUID(),
      name: fields.name,
      engine: fields.engine,
      modelPath: fields.modelPath ?? null,
      endpoint: fields.endpoint ?? null,
      upstreamModel: fields.upstreamModel ?? null,
      contextTokens: fields.contextTokens ?? null,
      parallelSlots: fields.parallelSlots ?? 1,
      idleStopMs: fields.idleStopMs === undefined ? defaultIdleStopMs : fields.idleStopMs,
      memoryBytes: fields.memoryBytes ?? null,
      isPinned: fields.isPinned ?? false,
      exclusiveGroup: fields.exclusiveGroup ?? null,
      whenAbandoned: fields.whenAbandoned ?? 'auto',
      minResidencyMs: fields.minResidencyMs ?? null,
      evictBusyAfterMs: fields.evictBusyAfterMs ?? null,
      keepWeight: fields.keepWeight ?? 1,
      isSleepEnabled: fields.isSleepEnabled ?? false,
      onGatewayDeath: fields.onGatewayDeath ?? null,
      capabilities: fields.capabilities ?? null,
      isEnabled: fields.isEnabled ?? true,
      createdAt: now,
      updatedAt: now,
      ...emptyFields(this.engines.find(fields.engine)),
    };
    this.assertPlace(model, fields);
    await refuseDuplicates('local model', model.name, () => this.models.insert(model));
    await this.changes.notify('models');
    return model;
  }

  /**
   * Takes effect at once. A running engine goes on unless its command line differs; then it is replaced without a gap
   * where memory allows. One that was disabled leaves when those it serves have finished.
   */
  async update(id: string, fields: UpdateLocalModelDto): Promise<LocalModel> {
    const before = await this.get(id);
    const given = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    ) as Partial<LocalModel>;
    const changed = {
      ...given,
      ...emptyFields(this.engines.find(given.engine ?? before.engine)),
      // also the revision: it has to grow when the clock was put back
      updatedAt: Math.max(Date.now(), before.updatedAt + 1),
    };
    const after = { ...before, ...changed };
    this.assertPlace(after, fields);
    await refuseDuplicates('local model', after.name, () => this.models.update({ id }, changed));
    await this.changes.notify('models');
    this.control.configure(snapshotOf(after));
    if (!after.isEnabled) this.control.unload(id);
    return after;
  }

  async remove(id: string): Promise<LocalModel> {
    const model = await this.get(id);
    const routes = await this.dataSource.query<{ name: string }[]>(
      'SELECT DISTINCT r.name AS name FROM route_targets t JOIN model_routes r ON r.id = t.route_id WHERE t.local_model_id = ?',
      [id],
    );
    if (routes.length > 0)
      throw new GatewayError(
        'conflict',
        `This local model is a target of ${routes.map(({ name }) => `\`${name}\``).join(', ')}. Take it out of there first.`,
      );
    await refuseBrokenReferences(
      'A route that uses this local model was made just now. Take it out of there first.',
      () => this.models.delete({ id }),
    );
    await this.changes.notify('models');
    await this.control.forget(id);
    return model;
  }

  private assertPlace(model: LocalModel, { isSleepEnabled }: UpdateLocalModelDto): void {
    const preset = this.engines.find(model.engine);
    const faults =
      preset === undefined
        ? [{ path: 'engine', message: `must be one of ${this.engines.ids.join(', ')}` }]
        : checkModelPlace(model, preset, this.folders.list());
    if (isSleepEnabled === true && preset?.sleep?.isOptional !== true)
      faults.push({ path: 'isSleepEnabled', message: 'must be false: this engine cannot sleep' });
    if (faults.length > 0) throw new ValidationFault(faults);
  }
}

/** What belongs to the other kind of engine goes, so that a change of engine leaves nothing behind that nobody sees. */
function emptyFields(engine: EnginePreset | undefined): Partial<LocalModel> {
  const unasked = engine?.sleep?.isOptional === true ? {} : { isSleepEnabled: false };
  if (engine?.kind === 'attached') return { modelPath: null, ...unasked };
  const form = engine?.traits?.modelForm;
  const isNamed = form === 'models-folder' || form === 'model-name';
  const hasPath = form !== 'model-name' && form !== 'none';
  return {
    endpoint: null,
    ...unasked,
    ...(isNamed ? {} : { upstreamModel: null }),
    ...(hasPath ? {} : { modelPath: null }),
  };
}
