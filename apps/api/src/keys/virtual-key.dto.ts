import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import { lossModes, type LossMode } from '#translation';
import { IsBudgetNanos, IsBudgetWindow } from '../common/management/is-budget.decorator.js';
import { IfGiven, IfNotNull, Required } from '../common/management/optional-field.decorator.js';
import type { BudgetWindow } from '../common/money/budget-window.js';

/** The last millisecond of the year 9999. */
const maxTimeMs = 253_402_300_799_999;
const wholeOrNull = { message: 'must be a whole number or null' };
const trueOrFalse = { message: 'must be true or false' };
const routeNames = { message: 'must be a list of route names, or null for all' };

/** What may be changed of a key; everything is optional. */
export class UpdateVirtualKeyDto {
  @IfGiven()
  @IsString()
  @Length(1, 100, { message: 'must have 1 to 100 characters' })
  name?: string;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  isEnabled?: boolean;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  isPrivate?: boolean;

  @IfNotNull()
  @IsIn(lossModes, { message: `must be one of ${lossModes.join(', ')}, or null` })
  lossMode?: LossMode | null;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  mayFetchUrls?: boolean;

  @IfNotNull()
  @IsArray(routeNames)
  @ArrayMaxSize(200)
  @IsString({ each: true, ...routeNames })
  allowedRoutes?: string[] | null;

  @IfNotNull()
  @IsInt(wholeOrNull)
  @Min(1, { message: 'must be at least 1' })
  @Max(1_000_000_000, { message: 'must be at most 1000000000' })
  requestsPerMinute?: number | null;

  @IfNotNull()
  @IsInt(wholeOrNull)
  @Min(1, { message: 'must be at least 1' })
  @Max(100_000, { message: 'must be at most 100000' })
  maxConcurrent?: number | null;

  @IsBudgetNanos()
  budgetNanos?: number | null;

  @IsBudgetWindow()
  budgetWindow?: BudgetWindow;

  @IsBudgetNanos()
  fallbackBudgetNanos?: number | null;

  @IsBudgetWindow()
  fallbackBudgetWindow?: BudgetWindow;

  @IfNotNull()
  @IsInt({ message: 'must be a time in epoch milliseconds or null' })
  @Min(0, { message: 'must not be negative' })
  @Max(maxTimeMs, { message: 'must lie before the year 10000' })
  expiresAt?: number | null;
}

export class CreateVirtualKeyDto extends UpdateVirtualKeyDto {
  @Required()
  override name!: string;
}
