import { Supervisor, type MemoryUse } from '#process';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import type { UpdateLocalResourcesDto } from './local-resources.dto.js';
import { LocalResources } from './local-resources.entity.js';

const rowId = 'machine';

export interface LocalResourcesView extends MemoryUse {
  /** What an operator has set; null = as the machine or its environment says. */
  readonly memoryBudgetBytes: number | null;
  readonly isPaused: boolean;
}

/** The limits of all local models together, as they were last set. */
@Injectable()
export class LocalResourcesService implements OnApplicationBootstrap {
  constructor(
    @InjectRepository(LocalResources) private readonly rows: Repository<LocalResources>,
    private readonly supervisor: Supervisor,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.apply(await this.settings());
  }

  async read(): Promise<LocalResourcesView> {
    const { memoryBudgetBytes, isPaused } = await this.settings();
    return { memoryBudgetBytes, isPaused, ...this.supervisor.memoryUse() };
  }

  /** Takes effect at once: a smaller budget sends idle models away, those that serve finish. */
  async update({
    memoryBudgetBytes,
    isPaused,
  }: UpdateLocalResourcesDto): Promise<LocalResourcesView> {
    const before = await this.settings();
    const after: LocalResources = {
      ...before,
      ...(memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes }),
      ...(isPaused === undefined ? {} : { isPaused }),
    };
    await this.rows.save(after);
    this.apply(after);
    return this.read();
  }

  private async settings(): Promise<LocalResources> {
    const row = await this.rows.findOneBy({ id: rowId });
    return row ?? { id: rowId, memoryBudgetBytes: null, isPaused: false };
  }

  private apply({ memoryBudgetBytes, isPaused }: LocalResources): void {
    const { memoryBudget } = this.config;
    this.supervisor.changeMemoryBudget(
      memoryBudgetBytes === null ? memoryBudget : { ...memoryBudget, ram: memoryBudgetBytes },
    );
    this.supervisor.pauseLoading(isPaused);
  }
}
