import { GatewayError } from '#translation';

/**
 * Runs a write that the database refuses while other rows depend on it, or when a row that it names is gone. Looking
 * first is for the better message; this is for what happens between the look and the write.
 * @throws GatewayError `conflict` with the text given
 */
export async function refuseBrokenReferences<T>(
  message: string,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!/FOREIGN KEY constraint failed|violates foreign key constraint/i.test(String(error)))
      throw error;
    throw new GatewayError('conflict', message, { cause: error });
  }
}
