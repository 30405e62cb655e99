import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { CustomEngine } from './custom-engine.js';
import { parseCustomEngine } from './parse-custom-engine.js';

const FILE_NAME = 'custom-engines.json';
const MAX_BYTES = 256 * 1024;
const MAX_ENGINES = 32;
const OTHERS_MAY_WRITE = 0o022;

/**
 * The engines declared in `custom-engines.json` of the data folder; none when there is no such file. What stands in it
 * is run, so it must belong to the user of the gateway (or root), and nobody else may be able to write it.
 * @throws Error naming the file, every fault in it and how to mend it.
 */
export async function readCustomEngines(dataDir: string): Promise<CustomEngine[]> {
  const path = join(dataDir, FILE_NAME);
  // Opened once and judged by its handle, so that what was checked is what is read. A link is refused.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      const reason = error.code === 'ELOOP' ? 'it is a link' : (error.code ?? 'unknown');
      throw new Error(`${path} cannot be read (${reason}). Put the file itself there.`);
    },
  );
  if (file === null) return [];
  try {
    const fault = await placeFault(file);
    if (fault !== null) throw new Error(`${path} is not used: ${fault}`);
    return parseFile(path, await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}

async function placeFault(file: FileHandle): Promise<string | null> {
  const stat = await file.stat();
  const { mode, uid, size } = stat;
  if (!stat.isFile()) return 'it is not a file.';
  if (size > MAX_BYTES) return `it is larger than ${MAX_BYTES / 1024} KiB.`;
  const own = process.getuid?.();
  if (own !== undefined && uid !== own && uid !== 0) {
    return 'it belongs to another user. Make it your own (chown).';
  }
  // Windows has no such bits; there the folder's own rights are what protects it.
  const isOpen = own !== undefined && (mode & OTHERS_MAY_WRITE) !== 0;
  return isOpen ? 'other users may write it. Take that away: chmod go-w.' : null;
}

function parseFile(path: string, text: string): CustomEngine[] {
  const entries = Object.entries(readEngines(path, text));
  if (entries.length > MAX_ENGINES) {
    throw new Error(`${path} declares more than ${MAX_ENGINES} engines.`);
  }
  const parsed = entries.map(([name, entry]) => [name, parseCustomEngine(name, entry)] as const);
  const faults = parsed.flatMap(([name, engine]) =>
    Array.isArray(engine) ? engine.map((fault) => `\n  ${name}: ${fault}`) : [],
  );
  if (faults.length > 0) throw new Error(`${path} has faults:${faults.join('')}`);
  return parsed.flatMap(([, engine]) => (Array.isArray(engine) ? [] : [engine as CustomEngine]));
}

function readEngines(path: string, text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new Error(`${path} is not valid JSON: ${reason}`, { cause: error });
  }
  const engines =
    typeof parsed === 'object' && parsed !== null && 'engines' in parsed ? parsed.engines : null;
  const isAlone = typeof parsed === 'object' && Object.keys(parsed ?? {}).length === 1;
  if (typeof engines === 'object' && engines !== null && !Array.isArray(engines) && isAlone) {
    return engines as Record<string, unknown>;
  }
  throw new Error(
    `${path} must be an object with one field, "engines", that is an object by name.`,
  );
}
