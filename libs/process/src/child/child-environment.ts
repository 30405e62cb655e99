/** Environment variables as Node holds them; handed in by the caller, never read here. */
export type Environment = Readonly<Record<string, string | undefined>>;

const ALLOWED_NAMES = new Set([
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
]);
const ALLOWED_PREFIXES = ['CUDA_', 'HIP_', 'GGML_', 'LLAMA_'];
// LLAMA_ARG_* stands for command-line flags and LLAMA_SERVER_* switches modes: both belong to the preset.
const REFUSED = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL|^LLAMA_(ARG|SERVER)_/i;

function isAllowed(name: string): boolean {
  if (REFUSED.test(name)) return false;
  return ALLOWED_NAMES.has(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** The part of an environment an engine may see: an allow-list, so that no secret of the gateway leaks. */
export function childEnvironment(environment: Environment): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isAllowed(name)) allowed[name] = value;
  }
  return allowed;
}
