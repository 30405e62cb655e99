import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** What tells a master key that was in use from a strange one; one row each. The key itself is in a file of its own. */
@Entity('master_keys')
export class MasterKey {
  @PrimaryColumn({ type: 'integer' })
  version!: number;

  @Column({ type: 'varchar', length: 64 })
  checkValue!: string;

  @BigintColumn()
  createdAt!: number;
}
