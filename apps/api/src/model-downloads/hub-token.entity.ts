import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** The token of one hub; another hub never gets it. */
@Entity('hub_tokens')
export class HubToken {
  @PrimaryColumn({ type: 'varchar', length: 500 })
  hubUrl!: string;

  /** Sealed by the secret box. */
  @Column({ type: 'text' })
  tokenSealed!: string;

  @Column({ type: 'varchar', length: 8 })
  tokenHint!: string;

  @BigintColumn()
  updatedAt!: number;
}
