import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** What local models together may take of this machine; one row. */
@Entity('local_resources')
export class LocalResources {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  id!: string;

  /** Bytes of main memory; null leaves it to the environment, else to the machine. */
  @BigintColumn({ nullable: true })
  memoryBudgetBytes!: number | null;

  /** Nothing is loaded; what is in memory goes on serving. */
  @Column({ type: 'boolean' })
  isPaused!: boolean;
}
