import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** What tells the right master key from a wrong one. The key itself is in a file of its own. */
@Entity('master_keys')
export class MasterKey {
  @PrimaryColumn({ type: 'integer' })
  version!: number;

  @Column({ type: 'varchar', length: 64 })
  checkValue!: string;

  @BigintColumn()
  createdAt!: number;
}
