import { GatewayError } from '#translation';

/** Runs a write; a name that is taken becomes a 409 that says so. */
export async function refuseDuplicates<T>(
  what: string,
  name: string,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!/UNIQUE constraint failed|duplicate key value/i.test(String(error))) throw error;
    throw new GatewayError(
      'conflict',
      `There is a ${what} named "${name}" already. Choose another name.`,
      { path: 'name', cause: error },
    );
  }
}
