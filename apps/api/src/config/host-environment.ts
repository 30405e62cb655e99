/** The environment the gateway was started in, for what is looked for in it by name; nothing else reads it. */
export class HostEnvironment {
  constructor(readonly variables: Readonly<Record<string, string | undefined>>) {}
}
