import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';
import { User } from './user.entity.js';

/** One sign-in. Its id is the `jti` of the token; without a row the token is worth nothing. */
@Entity('sessions')
export class Session {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Index('ix_sessions_user_id')
  @ForeignKey(() => User, { name: 'fk_sessions_user', onDelete: 'CASCADE' })
  @Column({ type: 'varchar', length: 36 })
  userId!: string;

  @BigintColumn()
  createdAt!: number;

  @BigintColumn()
  expiresAt!: number;

  @BigintColumn({ nullable: true })
  revokedAt!: number | null;
}
