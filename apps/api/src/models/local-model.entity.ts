import type { GatewayDeathPolicy } from '#process';
import type { ModelCapabilities } from '#translation';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** A model that an engine on this machine serves. There is no column for a command: those come from presets. */
@Entity('local_models')
export class LocalModel {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Index('ux_local_models_name', { unique: true })
  @Column({ type: 'varchar', length: 127 })
  name!: string;

  @Column({ type: 'varchar', length: 32 })
  engine!: string;

  @Column({ type: 'text', nullable: true })
  modelPath!: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  endpoint!: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  upstreamModel!: string | null;

  @Column({ type: 'integer', nullable: true })
  contextTokens!: number | null;

  @Column({ type: 'integer' })
  parallelSlots!: number;

  @BigintColumn({ nullable: true })
  idleStopMs!: number | null;

  /** What it takes in memory, where its owner knows better than what is learned and guessed. */
  @BigintColumn({ nullable: true })
  memoryBytes!: number | null;

  /** Never stopped for being idle nor for another model. */
  @Column({ type: 'boolean', default: () => 'false' })
  isPinned!: boolean;

  /** At most one model of a group is in memory at a time. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  exclusiveGroup!: string | null;

  @Column({ type: 'varchar', length: 8, default: 'auto' })
  whenAbandoned!: 'auto' | 'finish' | 'cancel';

  /** How long it stays once it is ready, although others want its memory; null = by its load time. */
  @Column({ type: 'integer', nullable: true })
  minResidencyMs!: number | null;

  /** When it is cut for others although it serves; null = never. */
  @Column({ type: 'integer', nullable: true })
  evictBusyAfterMs!: number | null;

  /** How much dearer than others its load is when somebody has to leave. */
  @Column({ type: 'double precision', default: 1 })
  keepWeight!: number;

  /** Starts the engine so that it can sleep, where that has to be asked for. */
  @Column({ type: 'boolean', default: () => 'false' })
  isSleepEnabled!: boolean;

  /** What becomes of its engine when the gateway is killed; null = what holds for the host. */
  @Column({ type: 'varchar', length: 8, nullable: true })
  onGatewayDeath!: GatewayDeathPolicy | null;

  /** What the owner knows better of this model than the rows that ship; a route may overrule it again. */
  @Column({ type: 'simple-json', nullable: true })
  capabilities!: Partial<ModelCapabilities> | null;

  @Column({ type: 'boolean' })
  isEnabled!: boolean;

  @BigintColumn()
  createdAt!: number;

  @BigintColumn()
  updatedAt!: number;
}
