import { Matches } from 'class-validator';
import { IfGiven, Required } from '../common/management/optional-field.decorator.js';

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}$/;
const nameRule = {
  message: 'must have 1 to 127 letters, digits or . _ : / - and begin with a letter or digit',
};

/** Names a find; what it is, where it lies and how it is run comes from the search alone. */
export class AdoptFindDto {
  @Required()
  @Matches(/^[0-9a-f]{16}$/, { message: 'must be the id of a model that discovery lists' })
  findId!: string;

  /** What the local model and its route are called; default: the name of the find. */
  @IfGiven()
  @Matches(namePattern, nameRule)
  name?: string;

  /** One of the find's engines; default: the first. */
  @IfGiven()
  @Matches(/^[a-z][a-z0-9-]{0,31}$/, { message: 'must be the id of an engine' })
  engine?: string;
}
