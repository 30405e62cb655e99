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

  @Column({ type: 'boolean' })
  isEnabled!: boolean;

  @BigintColumn()
  createdAt!: number;

  @BigintColumn()
  updatedAt!: number;
}
