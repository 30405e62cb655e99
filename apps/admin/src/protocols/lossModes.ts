export type LossMode = 'strict' | 'warn' | 'lenient';

/** What to do with parts of a request that a target cannot carry. */
export const lossModes: readonly { readonly id: LossMode; readonly name: string }[] = [
  { id: 'strict', name: 'Strict: refuse whatever the target cannot carry, hints as well' },
  {
    id: 'warn',
    name: 'Warn: leave out hints with a warning, refuse what would change the answer',
  },
  { id: 'lenient', name: 'Lenient: leave out both with a warning, wherever that is possible' },
];
