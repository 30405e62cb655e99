/**
 * The embedded engine, a process of its own: `node main.js --model file.gguf --port 0 --alias name`. It listens before
 * it loads, says where on its first line, and ends when its stdin does, so that it cannot outlive whoever started it
 * (unless it is told to, with `--outlive`).
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { readGgufHeader } from '../discovery/read-gguf-header.js';
import { createEmbeddedServer, type EngineState } from './embedded-server.js';
import { LlamaRuntime } from './llama-runtime.js';

const progressStep = 0.05;

process.on('SIGTERM', () => process.exit(0));

/** Everything that keeps the engine from starting ends it in one line that says what to do. */
const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function readArguments() {
  try {
    return parseArgs({
      options: {
        model: { type: 'string' },
        port: { type: 'string', default: '0' },
        alias: { type: 'string', default: 'model' },
        context: { type: 'string' },
        parallel: { type: 'string', default: '1' },
        outlive: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`invalid argument: ${textOf(error)}`);
  }
}

function wholeNumber(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return fail(`invalid argument: --${name} must be a whole number from ${least} to ${most}`);
}

const given = readArguments();
if (!given.outlive) {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('error', () => process.exit(0));
  process.stdin.resume();
}
const modelPath =
  given.model ??
  fail('failed to load model: none was given; pass --model with the path of a .gguf file');
const port = wholeNumber('port', given.port, [0, 65_535]);
const parallel = wholeNumber('parallel', given.parallel, [1, 64]);
const contextTokens =
  given.context === undefined ? null : wholeNumber('context', given.context, [64, 16_777_216]);
const state: EngineState = {
  alias: given.alias,
  createdAt: Math.floor(Date.now() / 1000),
  runtime: null,
  progress: 0,
};

const server = createEmbeddedServer(state);
server.once('error', (error) => fail(`couldn't bind HTTP server socket: ${error.message}`));
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
const bound = server.address() as AddressInfo;
process.stdout.write(`spillway-embedded listening on http://127.0.0.1:${bound.port}\n`);

let told = 0;
try {
  await readGgufHeader(modelPath);
  state.runtime = await LlamaRuntime.load({
    modelPath,
    contextTokens,
    parallel,
    onProgress: (progress) => {
      state.progress = progress;
      if (progress - told < progressStep) return;
      told = progress;
      process.stdout.write(`loading ${Math.round(progress * 100)} %\n`);
    },
  });
  process.stdout.write('model loaded\n');
} catch (error) {
  // "out of memory" is what supervisors look for
  const isMemory = /memory|VRAM/i.test(textOf(error));
  fail(
    isMemory
      ? `failed to load model: out of memory: ${textOf(error)}. Lower the context or the parallel slots, or choose a smaller model.`
      : `failed to load model: ${textOf(error)}. Check that ${modelPath} is a complete GGUF file that llama.cpp supports.`,
  );
}
