import type { ModelCapabilities } from '#translation';
import { Column, Entity, ForeignKey, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../database/bigint-column.decorator.js';
import { LocalModel } from '../models/local-model.entity.js';
import { Provider } from '../providers/provider.entity.js';

/** One place to which a route may send a request: a local model, or a model at a provider. */
@Entity('route_targets')
export class RouteTarget {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Index('ix_route_targets_route_id')
  @Column({ type: 'varchar', length: 36 })
  routeId!: string;

  /** Named by text, because the two entities would otherwise import each other. */
  @ManyToOne('ModelRoute', 'targets', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'route_id', foreignKeyConstraintName: 'fk_route_targets_route' })
  route?: object;

  @Column({ type: 'integer' })
  position!: number;

  @Index('ix_route_targets_local_model_id')
  @ForeignKey(() => LocalModel, { name: 'fk_route_targets_local_model', onDelete: 'RESTRICT' })
  @Column({ type: 'varchar', length: 36, nullable: true })
  localModelId!: string | null;

  @Index('ix_route_targets_provider_id')
  @ForeignKey(() => Provider, { name: 'fk_route_targets_provider', onDelete: 'RESTRICT' })
  @Column({ type: 'varchar', length: 36, nullable: true })
  providerId!: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  upstreamModel!: string | null;

  /** What the owner knows better of this model than the rows that ship. */
  @Column({ type: 'simple-json', nullable: true })
  capabilities!: Partial<ModelCapabilities> | null;

  @BigintColumn({ nullable: true })
  priceInputNanosPerMTok!: number | null;

  @BigintColumn({ nullable: true })
  priceOutputNanosPerMTok!: number | null;
}
