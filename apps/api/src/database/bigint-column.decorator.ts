import { Column, PrimaryColumn, type ColumnOptions, type ValueTransformer } from 'typeorm';

/** PostgreSQL hands 64-bit numbers over as text; all of ours are below 2^53. */
const bigintAsNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
};

/** A whole number beyond 32 bits: epoch milliseconds, nano-dollars, tokens. */
export function BigintColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'bigint', transformer: bigintAsNumber });
}

export function PrimaryBigintColumn(): PropertyDecorator {
  return PrimaryColumn({ type: 'bigint', transformer: bigintAsNumber });
}
