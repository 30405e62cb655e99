import { IsString, Length, Matches } from 'class-validator';

export class LoginDto {
  @IsString()
  @Length(1, 64, { message: 'must have 1 to 64 characters' })
  username!: string;

  @IsString()
  @Length(1, 200, { message: 'must have at most 200 characters' })
  password!: string;
}

export class SetupDto {
  @IsString()
  @Length(1, 200, { message: 'must be the token from the console' })
  token!: string;

  @Matches(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, {
    message: 'must have 1 to 64 letters, digits, dots, dashes or @',
  })
  username!: string;

  @IsString()
  @Length(10, 200, { message: 'must have 10 to 200 characters' })
  password!: string;
}
