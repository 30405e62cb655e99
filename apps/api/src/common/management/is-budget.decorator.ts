import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { budgetWindows } from '../money/budget-window.js';
import { IfGiven, IfNotNull } from './optional-field.decorator.js';

/** An amount of money that may be left out, or be null for no limit. */
export const IsBudgetNanos = (): PropertyDecorator =>
  applyDecorators(
    IfNotNull(),
    IsInt({ message: 'must be a whole number of nano-dollars or null' }),
    Min(0, { message: 'must not be negative' }),
    Max(Number.MAX_SAFE_INTEGER, { message: 'is too large' }),
  );

/** What a budget is counted over; may be left out. */
export const IsBudgetWindow = (): PropertyDecorator =>
  applyDecorators(IfGiven(), IsIn(budgetWindows, { message: 'must be "total", "day" or "month"' }));
