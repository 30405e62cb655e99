import type { PipeTransform } from '@nestjs/common';
import { GatewayError } from '#translation';

interface WholeNumberRule<Fallback> {
  /** Where the number comes from, as the fault names it. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What an absent value becomes. */
  readonly fallback: Fallback;
}

/** A whole number of the query or a header. @throws GatewayError `invalid_request` */
export class WholeNumberPipe<Fallback> implements PipeTransform<unknown, number | Fallback> {
  constructor(private readonly rule: WholeNumberRule<Fallback>) {}

  transform(value: unknown): number | Fallback {
    const { name, min, max, fallback } = this.rule;
    if (value === undefined) return fallback;
    const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    throw new GatewayError(
      'invalid_request',
      `\`${name}\` must be a whole number from ${min} to ${max}.`,
      { path: name },
    );
  }
}
