import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { LocalModel } from '../support/management-client.js';
import { engineProcesses } from './local-engines.js';
import { TestBed } from './test-bed.js';

interface Discovery {
  readonly embeddedEngine: { readonly isInstalled: boolean; readonly reason: string | null };
  readonly modelFiles: readonly { readonly path: string }[];
}

const hello = [{ role: 'user' as const, content: 'Hello?' }];
let bed: TestBed;
/** Why the tests of this file cannot run here; null when they can. */
let obstacle: string | null = null;
let route = '';

beforeAll(async () => {
  bed = await TestBed.open({ isEmbeddedEngineOn: true });
  const { embeddedEngine, modelFiles } = await bed.admin.get<Discovery>('/discovery');
  if (!embeddedEngine.isInstalled) {
    obstacle = `the embedded engine is not installed: ${embeddedEngine.reason ?? 'no reason given'}`;
    return;
  }
  const models = await bed.admin.list<LocalModel>('local-models');
  const demo = models.find(({ engine }) => engine === 'embedded') ?? (await makeModel(modelFiles));
  if (demo === null) {
    obstacle = 'there is no model file on this machine';
    return;
  }
  route = await bed.routeTo('embedded-demo', [{ kind: 'local', localModelId: demo.id }]);
});
afterAll(() => bed.close());

async function makeModel(files: Discovery['modelFiles']): Promise<LocalModel | null> {
  const [file] = files;
  if (file === undefined) return null;
  return bed.admin.createLocalModel({ name: 'demo', engine: 'embedded', modelPath: file.path });
}

const runs = (context: TestContext): void => {
  if (obstacle !== null) context.skip(obstacle);
};

describe('a model of this machine on the embedded engine', () => {
  it('answers the official OpenAI client, whole and as a stream', async (context) => {
    runs(context);
    const request = { model: route, messages: hello, max_completion_tokens: 16 };
    const answer = await bed.openai().chat.completions.create(request);
    const text = answer.choices[0]?.message.content ?? '';
    expect(text.length).toBeGreaterThan(0);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
    const streamed = await bed.openai().chat.completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.message.content?.length).toBeGreaterThan(0);
  });

  it('answers the official Anthropic client, whole and as a stream', async (context) => {
    runs(context);
    const request = { model: route, messages: hello, max_tokens: 16 };
    const answer = await bed.anthropic().messages.create(request);
    expect(answer.content[0]).toMatchObject({ type: 'text' });
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    const streamed = await bed.anthropic().messages.stream(request).finalMessage();
    expect(streamed.content[0]).toMatchObject({ type: 'text' });
  });

  it('costs nothing, is named in the headers, and runs in one process', async (context) => {
    runs(context);
    const response = await bed.ask('openai-chat', route, { body: { max_tokens: 8 } });
    expect(response.headers.get('x-spillway-served-by')).toMatch(/^local:/);
    expect(response.headers.get('x-spillway-cost-usd')).toBe('0');
    expect(await bed.logOf(response)).toMatchObject({ servedKind: 'local', costStatus: 'free' });
    expect(engineProcesses(bed.gateway.dataDir)).toHaveLength(1);
  });
});
