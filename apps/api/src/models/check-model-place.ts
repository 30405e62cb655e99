import type { EnginePreset, LocalModelSpec } from '#process';
import type { FieldFault } from '../common/management/management-error-body.js';
import { realpathSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { sep } from 'node:path';

const nameRequired =
  'is required for this engine: the name of the model as the engine lists it, such as llama3.2:1b';

/**
 * Whether a local model points at something the gateway may serve: a GGUF file or a model's folder in one of the model
 * folders (links followed), a name in the engine's own store, or a server on this machine. @returns the faults by field.
 */
export function checkModelPlace(
  model: LocalModelSpec,
  preset: EnginePreset,
  folders: readonly string[],
): FieldFault[] {
  const faults = preset.kind === 'attached' ? attachedFaults(model) : [];
  const form = preset.kind === 'attached' ? 'none' : preset.traits?.modelForm;
  if (form === 'gguf-file') faults.push(...at('modelPath', fileFault(model.modelPath, folders)));
  if (form === 'model-folder' || form === 'models-folder') {
    faults.push(...at('modelPath', folderFault(model.modelPath, folders)));
  }
  const isNamed = form === 'models-folder' || form === 'model-name';
  if (isNamed && model.upstreamModel === null) faults.push(...at('upstreamModel', nameRequired));
  if (faults.length > 0) return faults;
  return at('upstreamModel', preset.validate(model)?.message ?? null);
}

function attachedFaults({ endpoint }: LocalModelSpec): FieldFault[] {
  return at('endpoint', endpointFault(endpoint));
}

function at(path: string, message: string | null): FieldFault[] {
  return message === null ? [] : [{ path, message }];
}

function endpointFault(endpoint: string | null): string | null {
  const example = 'such as http://127.0.0.1:8080';
  if (endpoint === null) return `is required for an attached engine, ${example}`;
  try {
    const url = new URL(endpoint);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isLoopback =
      host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';
    if (url.protocol !== 'http:' || !isLoopback)
      return `must be an http address of this machine, ${example}; other machines are providers`;
    // the parser drops the default port, an empty query or fragment, and line breaks, so these are looked for in the text
    if (url.port === '' && !/:80\/?$/.test(endpoint)) return `must name a port, ${example}`;
    const isBare =
      url.pathname === '/' &&
      url.username === '' &&
      url.password === '' &&
      /^[\x21-\x7e]+$/.test(endpoint);
    if (!isBare || /[?#@]/.test(endpoint)) return `must be the address alone, ${example}`;
    return null;
  } catch {
    return `must be an address, ${example}`;
  }
}

function fileFault(path: string | null, folders: readonly string[]): string | null {
  if (path === null) return 'is required for this engine: the path of a .gguf file';
  if (!/\.gguf$/i.test(path)) return 'must be a .gguf file';
  const real = servablePath(path, folders);
  // a file that does not exist and one that may not be served get the same words
  if (real === null || !(/\.gguf$/i.test(real) || isHubContent(real)))
    return outside('a file', folders);
  return statSync(real).isFile() ? null : 'is not a file';
}

/** In a cache of the Hugging Face hub a file's name is a link to its content, which is named by its hash. */
function isHubContent(path: string): boolean {
  return /[\\/]models--[^\\/]+[\\/]blobs[\\/](?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(path);
}

function folderFault(path: string | null, folders: readonly string[]): string | null {
  if (path === null) return 'is required for this engine: the path of a folder';
  const real = servablePath(path, folders);
  if (real === null) return outside('a folder', folders);
  return statSync(real).isDirectory() ? null : 'is not a folder';
}

function outside(what: string, folders: readonly string[]): string {
  return `is not ${what} in one of the model folders (${folders.join(', ')}); add a folder with SPILLWAY_MODEL_DIRS`;
}

/** The path behind all links, or null when that is in none of the folders. */
function servablePath(path: string, folders: readonly string[]): string | null {
  const real = realPath(path);
  if (real === null) return null;
  const isInside = folders.some((folder) => {
    const root = realPath(folder);
    return root !== null && `${real}${sep}`.startsWith(root.endsWith(sep) ? root : root + sep);
  });
  return isInside ? real : null;
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
