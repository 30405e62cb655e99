/**
 * The embedded engine, a process of its own: `node main.js --model file.gguf --port 0 --alias name`. It listens before
 * it loads, says where on its first line, and ends when its stdin does, so that it cannot outlive whoever started it.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { readGgufHeader } from '../discovery/read-gguf-header.js';
import { createEmbeddedServer, type EngineState } from './embedded-server.js';
import { LlamaRuntime } from './llama-runtime.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    port: { type: 'string', default: '0' },
    alias: { type: 'string', default: 'model' },
    context: { type: 'string' },
    parallel: { type: 'string', default: '1' },
  },
});

const fail = (message: string): never => {
  process.stderr.write(`failed to load model: ${message}\n`);
  process.exit(1);
};

process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();
process.on('SIGTERM', () => process.exit(0));

const modelPath =
  values.model ?? fail('no model was given; pass --model with the path of a .gguf file');
const state: EngineState = { alias: values.alias, runtime: null, progress: 0 };
const server = createEmbeddedServer(state);
await new Promise<void>((resolve) => server.listen(Number(values.port), '127.0.0.1', resolve));
process.stdout.write(
  `spillway-embedded listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`,
);

try {
  await readGgufHeader(modelPath);
  state.runtime = await LlamaRuntime.load({
    modelPath,
    contextTokens: values.context === undefined ? null : Number(values.context),
    parallel: Math.max(1, Number(values.parallel)),
    onProgress: (progress) => {
      if (progress - state.progress >= 0.05)
        process.stdout.write(`loading ${Math.round(progress * 100)} %\n`);
      state.progress = progress;
    },
  });
  process.stdout.write('model loaded\n');
} catch (error) {
  fail(
    `${error instanceof Error ? error.message : String(error)}. Check that ${modelPath} is a complete GGUF file.`,
  );
}
