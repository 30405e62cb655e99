import { IsString, Length, Matches, ValidateIf } from 'class-validator';
import { IfGiven, IfNotNull, Required } from '../common/management/optional-field.decorator.js';

/** The hub's own rules: no `--` and no `..`, since a folder is named after it. */
const repositoryPattern =
  /^(?!.*(?:--|\.\.))[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;
const revisionPattern = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*$/;
/** Printable, relative, without `..`: it is compared with names, and never used as one. */
const filesPattern = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}\\]+$/u;

/** What to fetch. Where it lies, and what it is hashed to, comes from the hub alone. */
export class CreateModelDownloadDto {
  @Required()
  @Matches(repositoryPattern, {
    message: 'must be the name of a repository, such as owner/name',
  })
  repository!: string;

  @IfGiven()
  @IsString()
  @Length(1, 255, { message: 'must be a branch, a tag or a commit' })
  @Matches(revisionPattern, { message: 'must be a branch, a tag or a commit, such as main' })
  revision?: string;

  @IfNotNull()
  @IsString()
  @Length(1, 512, { message: 'must have 1 to 512 characters' })
  @Matches(filesPattern, {
    message: 'must be the path of a file in the repository, or a pattern such as *Q4_K_M*.gguf',
  })
  files?: string | null;
}

export class UpdateModelHubDto {
  /** Visible ASCII without spaces: a pasted line break would otherwise end up in an error text together with the token. */
  @ValidateIf((_object, value) => value !== null)
  @Matches(/^[\x21-\x7e]{1,1000}$/, {
    message: 'must be the token alone (visible characters, no spaces or line breaks), or null',
  })
  token!: string | null;
}
