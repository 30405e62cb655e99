import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Absolute path of a program: the given path itself, or the first match on the search path; else null. */
export async function findExecutable(
  name: string,
  searchPath: string | undefined,
): Promise<string | null> {
  if (isAbsolute(name)) return (await isExecutable(name)) ? name : null;
  // Relative folders are left out: what runs must not depend on the working folder.
  for (const folder of (searchPath ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return null;
}
