import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

export type Role = 'admin' | 'viewer';

/** Somebody who may sign in to the panel. */
@Entity('users')
export class User {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  /** In lower case. */
  @Index('ux_users_username', { unique: true })
  @Column({ type: 'varchar', length: 64 })
  username!: string;

  @Column({ type: 'varchar', length: 16 })
  role!: Role;

  /** With its parameters; never leaves `auth`. */
  @Column({ type: 'varchar', length: 255 })
  passwordHash!: string;

  @BigintColumn()
  createdAt!: number;
}
