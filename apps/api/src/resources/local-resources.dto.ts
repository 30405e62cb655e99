import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { IfGiven, IfNotNull } from '../common/management/optional-field.decorator.js';

const mebibyte = 1024 ** 2;

export class UpdateLocalResourcesDto {
  @IfNotNull()
  @IsInt({ message: 'must be a whole number of bytes, or null to take what the machine has' })
  @Min(64 * mebibyte, { message: 'must be at least 67108864 (64 mebibytes)' })
  @Max(2 ** 50, { message: 'must be at most 1125899906842624 (one pebibyte)' })
  memoryBudgetBytes?: number | null;

  @IfGiven()
  @IsBoolean({ message: 'must be true or false' })
  isPaused?: boolean;
}
