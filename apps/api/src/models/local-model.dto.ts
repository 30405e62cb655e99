import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import type { GatewayDeathPolicy } from '#process';
import type { ModelCapabilities } from '#translation';
import { IfGiven, IfNotNull, Required } from '../common/management/optional-field.decorator.js';
import { IsCapabilityOverrides } from '../common/management/is-capability-overrides.decorator.js';
import { whenAbandonedChoices, type WhenAbandoned } from './when-abandoned.js';

const mebibyte = 1024 ** 2;
const enginePattern = /^[a-z][a-z0-9-]{0,31}$/;
const engineRule = { message: 'must be the id of an engine, such as llama-server' };
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}$/;
const nameRule = {
  message: 'must have 1 to 127 letters, digits or . _ : / - and begin with a letter or digit',
};

/** What may be changed of a local model. There is no field for a command, its arguments or its environment. */
export class UpdateLocalModelDto {
  @IfGiven()
  @Matches(namePattern, nameRule)
  name?: string;

  @IfGiven()
  @Matches(enginePattern, engineRule)
  engine?: string;

  @IfNotNull()
  @IsString()
  @Length(1, 4096, { message: 'must be a path' })
  modelPath?: string | null;

  @IfNotNull()
  @IsString()
  @Length(1, 200, { message: 'must be an address such as http://127.0.0.1:8080' })
  endpoint?: string | null;

  @IfNotNull()
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be a model name without spaces' })
  upstreamModel?: string | null;

  @IfNotNull()
  @IsInt({ message: 'must be a whole number of tokens or null' })
  @Min(64, { message: 'must be at least 64' })
  @Max(16_777_216, { message: 'must be at most 16777216' })
  contextTokens?: number | null;

  @IfGiven()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(64, { message: 'must be at most 64' })
  parallelSlots?: number;

  @IfNotNull()
  @IsInt({ message: 'must be a whole number of milliseconds, or null for never' })
  @Min(100, { message: 'must be at least 100' })
  @Max(2_147_483_647, { message: 'is too long' })
  idleStopMs?: number | null;

  @IfNotNull()
  @IsInt({ message: 'must be a whole number of bytes, or null to have it learned' })
  @Min(mebibyte, { message: 'must be at least 1048576 (one mebibyte)' })
  @Max(2 ** 50, { message: 'must be at most 1125899906842624 (one pebibyte)' })
  memoryBytes?: number | null;

  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  isPinned?: boolean;

  @IfNotNull()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    message:
      'must have 1 to 64 letters, digits or . _ - and begin with a letter or digit, or be null',
  })
  exclusiveGroup?: string | null;

  @IfGiven()
  @IsIn(whenAbandonedChoices, { message: 'must be "auto", "finish" or "cancel"' })
  whenAbandoned?: WhenAbandoned;

  @IfNotNull()
  @IsInt({ message: 'must be a whole number of milliseconds, or null for twice its load time' })
  @Min(0, { message: 'must not be negative' })
  @Max(3_600_000, { message: 'must be at most 3600000 (an hour)' })
  minResidencyMs?: number | null;

  @IfNotNull()
  @IsInt({ message: 'must be a whole number of milliseconds, or null for never' })
  @Min(0, { message: 'must not be negative' })
  @Max(3_600_000, { message: 'must be at most 3600000 (an hour)' })
  evictBusyAfterMs?: number | null;

  @IfGiven()
  @IsNumber({}, { message: 'must be a number' })
  @Min(0.01, { message: 'must be at least 0.01' })
  @Max(100, { message: 'must be at most 100' })
  keepWeight?: number;

  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  isSleepEnabled?: boolean;

  @IfNotNull()
  @IsIn(['stop', 'keep'], {
    message: 'must be "stop" or "keep", or null for what holds for the host',
  })
  onGatewayDeath?: GatewayDeathPolicy | null;

  @IfNotNull()
  @IsCapabilityOverrides()
  capabilities?: Partial<ModelCapabilities> | null;

  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  isEnabled?: boolean;
}

export class CreateLocalModelDto extends UpdateLocalModelDto {
  @Required()
  override name!: string;

  @Required()
  override engine!: string;
}
