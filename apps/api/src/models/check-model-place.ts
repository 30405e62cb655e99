import type { FieldFault } from '../common/management/management-error-body.js';
import { realpathSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { sep } from 'node:path';

interface Place {
  readonly engine: string;
  readonly modelPath: string | null;
  readonly endpoint: string | null;
}

/**
 * Whether a local model points at something the gateway may serve: a GGUF file in one of the model folders (links
 * followed), or a server on this machine. @returns the faults by field.
 */
export function checkModelPlace(place: Place, folders: readonly string[]): FieldFault[] {
  if (place.engine === 'attached') {
    const fault = endpointFault(place.endpoint);
    return fault === null ? [] : [{ path: 'endpoint', message: fault }];
  }
  const fault = pathFault(place.modelPath, folders);
  return fault === null ? [] : [{ path: 'modelPath', message: fault }];
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

function pathFault(path: string | null, folders: readonly string[]): string | null {
  if (path === null) return 'is required for this engine: the path of a .gguf file';
  if (!/\.gguf$/i.test(path)) return 'must be a .gguf file';
  const real = realPath(path);
  const isInside =
    real !== null &&
    folders.some((folder) => {
      const root = realPath(folder);
      return root !== null && real.startsWith(root.endsWith(sep) ? root : root + sep);
    });
  // a file that does not exist and one that may not be served get the same words
  if (real === null || !isInside || !/\.gguf$/i.test(real)) {
    return `is not a file in one of the model folders (${folders.join(', ')}); add a folder with SPILLWAY_MODEL_DIRS`;
  }
  return statSync(real).isFile() ? null : 'is not a file';
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
