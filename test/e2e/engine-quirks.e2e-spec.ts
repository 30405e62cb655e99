import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';
import { checkStream } from '../support/stream-grammar.js';
import { engineProcesses } from './local-engines.js';
import { EnginePrograms, scriptedEngines } from './engine-programs.js';
import { protocols, TestBed } from './test-bed.js';

const programs = new EnginePrograms();
let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open({ env: programs.env });
  for (const engine of scriptedEngines) {
    const model = await bed.admin.createLocalModel(programs.fieldsOf(engine));
    await bed.routeTo(engine.engine, [{ kind: 'local', localModelId: model.id }]);
  }
});
afterAll(async () => {
  await bed.close();
  expect(engineProcesses(bed.gateway.dataDir)).toEqual([]);
});

type Wish = 'PLAIN' | 'THINK' | 'TOOL' | 'LENGTH' | 'FAIL' | 'CUT';

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const get = { name: 'get_weather', description: 'Weather of a city.' };

/** A request whose last words tell the scripted engine what to do. */
function requestFor(protocol: UpstreamProtocol, wish: Wish, isStream: boolean): object {
  const messages = [{ role: 'user', content: `Do ${wish} now` }];
  const hasTools = wish === 'TOOL';
  switch (protocol) {
    case 'openai-chat':
      return {
        messages,
        ...(isStream ? { stream_options: { include_usage: true } } : {}),
        ...(hasTools
          ? { tools: [{ type: 'function', function: { ...get, parameters: city } }] }
          : {}),
      };
    case 'openai-responses':
      return {
        input: messages,
        ...(hasTools ? { tools: [{ type: 'function', ...get, parameters: city }] } : {}),
      };
    case 'anthropic-messages':
      return { messages, ...(hasTools ? { tools: [{ ...get, input_schema: city }] } : {}) };
    case 'gemini-generate':
      return {
        contents: [{ role: 'user', parts: [{ text: `Do ${wish} now` }] }],
        ...(hasTools ? { tools: [{ functionDeclarations: [{ ...get, parameters: city }] }] } : {}),
      };
  }
}

const ends: Readonly<Record<UpstreamProtocol, RegExp>> = {
  'openai-chat': /data: \[DONE\]/,
  'openai-responses': /event: response\.(completed|incomplete)/,
  'anthropic-messages': /event: message_stop/,
  'gemini-generate': /"finishReason"/,
};

/**
 * Rules of OpenAI's own streams that these engines break by habit. Between the same protocols bytes pass through, so
 * callers of chat completions meet the habit as it is; callers of the other protocols never do.
 */
const habits: Readonly<Record<string, readonly string[]>> = {
  'mlx-openai-server': [
    'C6 id and name come once',
    'C9 a usage chunk exactly where asked for',
    'C9 usage is null in the other chunks',
    'C9 the usage chunk is last',
    'C9 prompt and completion make the total',
  ],
  ollama: ['C4 the role comes once'],
};

const cases = scriptedEngines.flatMap(({ engine }) =>
  protocols.map((protocol) => [engine, protocol] as const),
);

describe.each(cases)('%s for callers of %s', (engine, protocol) => {
  const ask = (wish: Wish, isStream: boolean): Promise<Response> =>
    bed.ask(protocol, engine, { isStream, body: requestFor(protocol, wish, isStream) });
  const judge = (text: string): string[] =>
    checkStream(protocol, text, { includesUsage: true, hasValidArguments: true }).filter(
      (rule) => protocol !== 'openai-chat' || habits[engine]?.includes(rule) !== true,
    );

  it.each([
    ['PLAIN', /engine\./],
    ['THINK', /because/],
    ['TOOL', /get_weather.*Paris/s],
    ['LENGTH', /engine\./],
  ] as const)('answers %s, as a stream and whole', async (wish, content) => {
    const stream = await ask(wish, true);
    const text = await stream.text();
    expect(stream.status, text).toBe(200);
    expect(judge(text)).toEqual([]);
    expect(text).toMatch(ends[protocol]);
    expect(text).toMatch(content);
    const whole = await ask(wish, false);
    const body = await whole.text();
    expect(whole.status, body).toBe(200);
    expect(body).toMatch(content);
  });

  it.each(['FAIL', 'CUT'] as const)('ends %s in an error of its own kind', async (wish) => {
    const stream = await ask(wish, true);
    const text = await stream.text();
    expect(text).toContain('"error"');
    expect(text).not.toMatch(ends[protocol]);
    if (stream.status === 200) expect(judge(text)).toEqual([]);
    const whole = await ask(wish, false);
    expect(whole.status).toBeGreaterThanOrEqual(400);
    expect(await whole.text()).toContain('"error"');
  });
});

describe('the engines', () => {
  it('were each started once, and never asked for a model they do not have', () => {
    const lines = programs.journal();
    const starts = lines.filter((line) => line.startsWith('start '));
    expect(starts.length).toBe(scriptedEngines.length);
    expect(lines.filter((line) => /^(fetched|404) /.test(line))).toEqual([]);
  });
});
