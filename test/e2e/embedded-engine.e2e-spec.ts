import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../support/management-client.js';
import { repositoryRoot } from '../support/start-gateway.js';
import { engineProcesses, until } from './local-engines.js';
import { TestBed } from './test-bed.js';

/** Where `npm start` puts the engine when it is first used; these tests never install it. */
const installed = join(
  repositoryRoot,
  `libs/process/embedded-engine/${process.platform}-${process.arch}/node_modules/node-llama-cpp`,
);
const isInstalled = existsSync(installed);
const hello = [{ role: 'user' as const, content: 'Hello?' }];
let bed: TestBed;
let route = '';

beforeAll(async () => {
  if (!isInstalled) return;
  bed = await TestBed.open({ isEmbeddedEngineOn: true });
  let demo: LocalModel | undefined;
  await until(
    'the demo model is there',
    async () => {
      const models = await bed.admin.list<LocalModel>('local-models');
      demo = models.find(({ engine }) => engine === 'embedded');
      return demo !== undefined;
    },
    30_000,
  );
  route = await bed.routeTo('embedded-demo', [{ kind: 'local', localModelId: demo?.id ?? '' }]);
});
afterAll(() => bed?.close());

describe.skipIf(!isInstalled)('a model of this machine on the embedded engine', () => {
  it('answers the official OpenAI client, whole and as a stream', async () => {
    const request = { model: route, messages: hello, max_completion_tokens: 16 };
    const answer = await bed.openai().chat.completions.create(request);
    const text = answer.choices[0]?.message.content ?? '';
    expect(text.length).toBeGreaterThan(0);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
    const streamed = await bed.openai().chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.message.content?.length).toBeGreaterThan(0);
  });

  it('answers the official Anthropic client, whole and as a stream', async () => {
    const request = { model: route, messages: hello, max_tokens: 16 };
    const answer = await bed.anthropic().messages.create(request);
    expect(answer.content[0]).toMatchObject({ type: 'text' });
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    const streamed = await bed.anthropic().messages.stream(request).finalMessage();
    expect(streamed.content[0]).toMatchObject({ type: 'text' });
  });

  it('costs nothing, is named in the headers, and runs in one process', async () => {
    const response = await bed.ask('openai-chat', route, { body: { max_tokens: 8 } });
    expect(response.headers.get('x-spillway-served-by')).toMatch(/^local:/);
    expect(response.headers.get('x-spillway-cost-usd')).toBe('0');
    expect(await bed.logOf(response)).toMatchObject({ servedKind: 'local', costStatus: 'free' });
    expect(engineProcesses(bed.gateway.dataDir)).toHaveLength(1);
  });

  it('tells what it works on and has done, as other engines do', async () => {
    interface Told {
      readonly state: string;
      readonly figures: { readonly generatedTokens: number; readonly kvCacheUsage: number } | null;
    }
    const told = async () => {
      const instances = await bed.admin.get<Told[]>('/instances');
      return instances.find(({ state }) => state === 'ready')?.figures ?? null;
    };
    await until('it is read', async () => ((await told())?.generatedTokens ?? 0) > 0, 20_000);
    expect(await told()).toMatchObject({ requestsRunning: 0, requestsWaiting: 0 });
    expect((await told())?.kvCacheUsage).toBeGreaterThan(0);
    const metrics = await (await fetch(`${bed.gateway.origin}/metrics`)).text();
    expect(metrics).toMatch(
      /^spillway_engine_generated_tokens_total\{[^}]*engine="embedded"[^}]*\} [1-9]/m,
    );
  });
});
