import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the product's package. Sources, compiled files and the bundle lie at different depths below it.
 * @throws Error where there is none above this file
 */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) throw new Error(`No package.json was found above ${start}.`);
    folder = dirname(folder);
  }
  return folder;
}
