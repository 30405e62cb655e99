import type { HubFile } from '#adapters';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';

/** A file of a download. */
export interface WantedFile extends HubFile {
  /** The file server's name for the bytes that came so far; null while it has given none. */
  readonly etag: string | null;
  /** It lay in the cache before, so it does not go with the download. */
  readonly wasThere: boolean;
}

/** A model that is, or was, fetched from a hub. How many bytes have come is read off the disk. */
@Entity('model_downloads')
export class ModelDownload {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 200 })
  repository!: string;

  @Column({ type: 'varchar', length: 255 })
  revision!: string;

  /** Null = the whole snapshot. */
  @Column({ type: 'varchar', length: 512, nullable: true })
  pattern!: string | null;

  @Column({ type: 'varchar', length: 40, nullable: true })
  commitHash!: string | null;

  /** A phase; while work lets go, the one that follows. */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  @Column({ type: 'simple-json', nullable: true })
  files!: WantedFile[] | null;

  @Column({ type: 'varchar', length: 40, nullable: true })
  errorCode!: string | null;

  @Column({ type: 'text', nullable: true })
  errorMessage!: string | null;

  @BigintColumn()
  createdAt!: number;

  @BigintColumn()
  updatedAt!: number;

  @BigintColumn({ nullable: true })
  finishedAt!: number | null;
}
