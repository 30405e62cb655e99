import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { lossModes, type LossMode, type ModelCapabilities } from '#translation';
import { IsBudgetNanos, IsBudgetWindow } from '../common/management/is-budget.decorator.js';
import { IfGiven, IfNotNull, Required } from '../common/management/optional-field.decorator.js';
import type { BudgetWindow } from '../common/money/budget-window.js';
import { cloudChoices, type CloudChoice } from './cloud-choice.js';
import { whenColdChoices, type WhenCold } from './when-cold.js';
import { IsCapabilityOverrides } from '../common/management/is-capability-overrides.decorator.js';

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,126}$/;
const nameRule = {
  message: 'must have 1 to 127 letters, digits or . _ : / @ - and begin with a letter or digit',
};
const trueOrFalse = { message: 'must be true or false' };
const wholeMs = { message: 'must be a whole number of milliseconds or null' };
const longest = { message: 'must be at most 3600000' };
const priceRule = { message: 'must be a whole number of nano-dollars per million tokens, or null' };
const isLocal = (target: RouteTargetDto): boolean => target.kind === 'local';
const isProvider = (target: RouteTargetDto): boolean => target.kind === 'provider';

export class RouteTargetDto {
  @IsIn(['local', 'provider'], { message: 'must be "local" or "provider"' })
  kind!: 'local' | 'provider';

  @ValidateIf(isLocal)
  @IsString({ message: 'must be the id of a local model' })
  localModelId?: string | null;

  @ValidateIf(isProvider)
  @IsString({ message: 'must be the id of a provider' })
  providerId?: string | null;

  @ValidateIf(isProvider)
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be the model name that the provider knows' })
  upstreamModel?: string | null;

  @IfNotNull()
  @IsInt(priceRule)
  @Min(0, priceRule)
  @Max(1e15, priceRule)
  priceInputNanosPerMTok?: number | null;

  @IfNotNull()
  @IsInt(priceRule)
  @Min(0, priceRule)
  @Max(1e15, priceRule)
  priceOutputNanosPerMTok?: number | null;

  @IfNotNull()
  @IsCapabilityOverrides()
  capabilities?: Partial<ModelCapabilities> | null;

  /** Sent back by the panel; ignored. */
  @IfGiven()
  @IsString()
  id?: string;

  /** Sent back by the panel; ignored. */
  @IfGiven()
  @IsString()
  label?: string;
}

/** What may be changed of a route; everything is optional. */
export class UpdateModelRouteDto {
  @IfGiven()
  @Matches(namePattern, nameRule)
  name?: string;

  @IfGiven()
  @IsIn(cloudChoices, { message: `must be one of ${cloudChoices.join(', ')}` })
  cloud?: CloudChoice;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  isPrivate?: boolean;

  @IfGiven()
  @IsIn(lossModes, { message: `must be one of ${lossModes.join(', ')}` })
  lossMode?: LossMode;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  isEnabled?: boolean;

  @IfNotNull()
  @IsInt(wholeMs)
  @Min(100, { message: 'must be at least 100' })
  @Max(3_600_000, longest)
  firstByteTimeoutMs?: number | null;

  @IfGiven()
  @IsIn(whenColdChoices, { message: `must be one of ${whenColdChoices.join(', ')}` })
  whenCold?: WhenCold;

  @IfNotNull()
  @IsInt(wholeMs)
  @Min(0, { message: 'must not be negative' })
  @Max(3_600_000, longest)
  maxWaitMs?: number | null;

  @IfNotNull()
  @IsInt(wholeMs)
  @Min(0, { message: 'must not be negative' })
  @Max(3_600_000, longest)
  commitAfterMs?: number | null;

  @IfNotNull()
  @IsInt(wholeMs)
  @Min(100, { message: 'must be at least 100' })
  @Max(3_600_000, longest)
  hedgeAfterMs?: number | null;

  @IsBudgetNanos()
  fallbackBudgetNanos?: number | null;

  @IsBudgetWindow()
  fallbackBudgetWindow?: BudgetWindow;

  @IfGiven()
  @IsArray({ message: 'must be a list of targets' })
  @ArrayMinSize(1, { message: 'must hold at least one target' })
  @ArrayMaxSize(16, { message: 'may hold at most 16 targets' })
  @ValidateNested({ each: true })
  @Type(() => RouteTargetDto)
  targets?: RouteTargetDto[];
}

export class CreateModelRouteDto extends UpdateModelRouteDto {
  @Required()
  override name!: string;

  @Required()
  override targets!: RouteTargetDto[];
}
