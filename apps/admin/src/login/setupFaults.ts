export interface SetupFields {
  readonly token: string;
  readonly username: string;
  readonly password: string;
  readonly confirmation: string;
}

export type SetupFaults = Partial<Record<keyof SetupFields, string>>;

/** What can be said without asking the server; no entry means the field looks fine. */
export function findSetupFaults(fields: SetupFields): SetupFaults {
  return {
    ...(fields.token.trim() === '' && { token: 'Paste the token printed on the console' }),
    ...(fields.username.trim() === '' && { username: 'Choose a name to sign in with' }),
    ...((fields.password.length < 10 || fields.password.length > 200) && {
      password: 'Use 10 to 200 characters',
    }),
    ...(fields.confirmation !== fields.password && {
      confirmation: 'The two passwords differ',
    }),
  };
}
