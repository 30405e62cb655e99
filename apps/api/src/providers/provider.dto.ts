import { protocols, wireProtocols, type ProtocolId, type WireProtocolId } from '#translation';
import { IsArray, IsBoolean, IsIn, IsString, Length, Matches } from 'class-validator';
import { IfGiven, IfNotNull, Required } from '../common/management/optional-field.decorator.js';

const trueOrFalse = { message: 'must be true or false' };
const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const nameRule = {
  message: 'must have 1 to 63 small letters, digits and dashes, and begin with a letter or digit',
};
const protocolIds = Object.keys(protocols) as ProtocolId[];
const wireProtocolIds = Object.keys(wireProtocols) as WireProtocolId[];
const protocolRule = { message: `must be one of ${protocolIds.join(', ')}` };
const alsoSpeaksRule = { message: `must be a list of ${wireProtocolIds.join(', ')}` };

/** What may be changed of a provider; everything is optional. */
export class UpdateProviderDto {
  @IfGiven()
  @Matches(namePattern, nameRule)
  name?: string;

  @IfGiven()
  @IsIn(protocolIds, protocolRule)
  protocol?: ProtocolId;

  @IfNotNull()
  @IsArray(alsoSpeaksRule)
  @IsIn(wireProtocolIds, { each: true, ...alsoSpeaksRule })
  alsoSpeaks?: WireProtocolId[] | null;

  @IfGiven()
  @IsString()
  @Length(8, 500, { message: 'must be a URL of at most 500 characters' })
  baseUrl?: string;

  /** Visible ASCII without spaces: a pasted line break would otherwise end up in an error text together with the key. */
  @IfNotNull()
  @Matches(/^[\x21-\x7e]{1,1000}$/, {
    message: 'must be the key alone: visible characters, no spaces or line breaks',
  })
  credential?: string | null;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  allowPrivateNetwork?: boolean;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  isFree?: boolean;

  @IfNotNull()
  @Matches(/^[a-z0-9-]{1,64}$/, {
    message: 'must be a provider id of the price table, such as "openai"',
  })
  priceProvider?: string | null;

  @IfGiven()
  @IsBoolean(trueOrFalse)
  isEnabled?: boolean;
}

export class CreateProviderDto extends UpdateProviderDto {
  @Required()
  override name!: string;

  @Required()
  override protocol!: ProtocolId;

  @Required()
  override baseUrl!: string;
}
