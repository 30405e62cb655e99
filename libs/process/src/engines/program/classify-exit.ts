import type { ExitClassification, ExitEvidence } from '../../engine-preset.js';

interface Signature {
  readonly pattern: RegExp;
  readonly classification: ExitClassification;
}

const outOfMemory: ExitClassification = {
  code: 'out-of-memory',
  reason: 'out-of-memory',
  message:
    'The engine ran out of memory. Stop another model, or use a smaller model, context or slot count.',
  isRetryable: true,
};

/** Texts seen in the logs of llama.cpp, vLLM, sglang and MLX on all their backends; the first match decides. */
const SIGNATURES: readonly Signature[] = [
  {
    pattern:
      /out of (device )?memory|(cuda|hip)malloc failed|failed to allocate|allocation failed|(not enough|insufficient) memory|cannot allocate memory|out_of_device_memory|ErrorOutOfMemory|\[metal::malloc\] resource limit|std::bad_alloc|no available memory for the cache blocks|free memory on device .* is less than|not enough memory\b|KV cache is larger than the available/i,
    classification: outOfMemory,
  },
  {
    pattern: /couldn'?t bind|address already in use|EADDRINUSE/i,
    classification: {
      code: 'port-conflict',
      reason: 'port-taken',
      message: 'Another program took the port of the engine. Try again.',
      isRetryable: true,
    },
  },
  {
    pattern:
      /ModuleNotFoundError|ImportError|error while loading shared libraries|Library not loaded/,
    classification: {
      code: 'not-installed',
      reason: 'broken-installation',
      message: 'The engine is installed incompletely: a part of it is missing. Install it again.',
      isRetryable: false,
    },
  },
  {
    pattern:
      /invalid argument:|unknown argument|unrecognized (argument|option)|error: argument |no such option|flag provided but not defined|invalid choice:/i,
    classification: {
      code: 'start-failed',
      reason: 'bad-flag',
      message: 'The engine refused its command line; its version may be too old or too new.',
      isRetryable: false,
    },
  },
  {
    pattern:
      /no such file or directory.*\.gguf|\.gguf.*no such file or directory|repository not found|is not a valid model identifier|does not appear to have a file named config\.json/i,
    classification: {
      code: 'model-missing',
      reason: 'model-missing',
      message: 'The engine did not find the model file. Check the path of the model.',
      isRetryable: false,
    },
  },
  {
    pattern:
      /failed to load model|error loading model|invalid magic|not a gguf|corrupt|error while deserializing header|model architectures .* are not supported|model type .* not supported/i,
    classification: {
      code: 'start-failed',
      reason: 'model-corrupt',
      message:
        'The engine could not load the model. It may be incomplete, damaged, or of a kind this version does not know.',
      isRetryable: false,
    },
  },
];

function describeEnd({ code, signal }: ExitEvidence): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}

/** Says why an engine ended, from its last lines first and its exit status second. */
export function classifyExit(evidence: ExitEvidence): ExitClassification {
  const text = evidence.lastLines.join('\n');
  const known = SIGNATURES.find(({ pattern }) => pattern.test(text));
  // Once it served, old start-up lines explain nothing any more, except that memory ran out.
  if (known !== undefined && (!evidence.wasReady || known.classification === outOfMemory)) {
    return known.classification;
  }
  if (evidence.wasReady) {
    return {
      code: 'crashed',
      reason: 'crashed',
      message: `The engine crashed (${describeEnd(evidence)}). It is started again on the next request.`,
      isRetryable: true,
    };
  }
  // Nobody but the kernel's out-of-memory killer sends KILL to a loading engine; 137 is a shell saying so.
  if (evidence.signal === 'SIGKILL' || evidence.code === 137) return outOfMemory;
  return {
    code: 'start-failed',
    reason: 'start-failed',
    message: `The engine ended while it was starting (${describeEnd(evidence)}). Its log says why.`,
    isRetryable: true,
  };
}
