import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isCloudModel } from '../engines/model-list/ollama-model-name.js';
import type { FoundOllamaModel } from './discovery.js';
import { walkFolders } from './walk-folders.js';

const maxFound = 200;
const usualHost = 'registry.ollama.ai';
const usualOwner = 'library';

/** Models in Ollama's store, by the names Ollama calls them; `store` is its `models` folder. */
export async function findOllamaModels(store: string): Promise<FoundOllamaModel[]> {
  const manifests = join(store, 'manifests');
  const found: FoundOllamaModel[] = [];
  for await (const { path, entries } of walkFolders([manifests])) {
    for (const entry of entries) {
      if (!entry.isFile() || found.length >= maxFound) continue;
      const file = join(path, entry.name);
      const name = nameOf(relative(manifests, file).split(sep));
      const sizeBytes = name === null ? null : await readSize(file);
      if (name !== null && sizeBytes !== null) found.push({ name, sizeBytes });
    }
  }
  return found;
}

/** `host/owner/model/tag`, of which the usual host and owner are not said. */
function nameOf(parts: readonly string[]): string | null {
  const [host, owner, model, tag] = parts;
  if (host === undefined || owner === undefined || model === undefined || tag === undefined) {
    return null;
  }
  const place = [
    ...(host === usualHost ? [] : [host]),
    ...(host === usualHost && owner === usualOwner ? [] : [owner]),
  ];
  const name = `${[...place, model].join('/')}:${tag}`;
  return parts.length === 4 && !isCloudModel(name) ? name : null;
}

/** Bytes of all layers; null for a file that is no manifest of a model that lies here. */
async function readSize(file: string): Promise<number | null> {
  try {
    const { layers } = JSON.parse(await readFile(file, 'utf8')) as { layers?: unknown };
    if (!Array.isArray(layers)) return null;
    const all = layers as { mediaType?: unknown; size?: unknown }[];
    const hasModel = all.some(({ mediaType }) => String(mediaType).endsWith('image.model'));
    return hasModel ? all.reduce((sum, { size }) => sum + (Number(size) || 0), 0) : null;
  } catch {
    return null;
  }
}
