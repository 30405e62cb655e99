import { open } from 'node:fs/promises';

/** What a GGUF file says of itself in its first bytes. */
export interface GgufHeader {
  readonly version: number;
  readonly tensorCount: number;
}

const headerBytes = 24;
const maxTensors = 1_000_000;

/**
 * A cheap look at the beginning of a model file, so that a broken download is told from a model before anything is
 * loaded. @throws Error with what is wrong and what to do.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      error.code === 'ENOENT'
        ? 'the file does not exist'
        : `the file cannot be read (${error.code ?? 'unknown'})`,
    );
  });
  try {
    const head = Buffer.alloc(headerBytes);
    const { bytesRead } = await file.read(head, 0, headerBytes, 0);
    if (bytesRead < headerBytes)
      throw new Error('the file is too short to be a model; download it again');
    if (head.toString('latin1', 0, 4) !== 'GGUF')
      throw new Error(
        'the file is not in the GGUF format; convert it or download the GGUF version',
      );
    const version = head.readUInt32LE(4);
    if (version < 2 || version > 3)
      throw new Error(
        `the file is in version ${version} of the GGUF format, which is not supported`,
      );
    const tensorCount = Number(head.readBigUInt64LE(8));
    if (tensorCount < 1 || tensorCount > maxTensors)
      throw new Error('the file is damaged; download it again');
    return { version, tensorCount };
  } finally {
    await file.close();
  }
}
