import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../e2e/local-engines.js';
import { protocols, TestBed } from '../e2e/test-bed.js';
import { callingModel } from '../support/fake-upstream/script.js';
import { temporaryFolder } from '../support/start-gateway.js';
import { InstalledAgent } from './installed-agent.js';

const secretWord = 'marmalade';

/** What `claude --output-format json` prints, as far as it matters here. */
interface ClaudeResult {
  readonly is_error: boolean;
  readonly num_turns: number;
  readonly result: string;
  readonly api_error_status: number | null;
  readonly terminal_reason: string;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

let agent: InstalledAgent;
let bed: TestBed;

beforeAll(async () => {
  agent = InstalledAgent.install('@anthropic-ai/claude-code', 'claude');
  bed = await TestBed.open({ isEmbeddedEngineOn: true });
});
afterAll(() => bed?.close());

/** Claude Code as a user sets it up for a gateway, in a folder with one file that holds a word. */
async function askClaude(route: string, folder = folderWithWord()): Promise<ClaudeResult> {
  const end = await agent.run({
    args: ['-p', 'Which word is in word.txt?', '--model', route, '--output-format', 'json'],
    cwd: folder,
    env: {
      ANTHROPIC_BASE_URL: bed.gateway.origin,
      ANTHROPIC_AUTH_TOKEN: bed.key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '0',
    },
  });
  try {
    return JSON.parse(end.stdout) as ClaudeResult;
  } catch {
    throw new Error(`claude ended with ${end.code} and no JSON:\n${end.stdout}\n${end.stderr}`);
  }
}

function folderWithWord(): string {
  const folder = temporaryFolder('spillway-agent-work-');
  writeFileSync(join(folder, 'word.txt'), `${secretWord}\n`);
  return folder;
}

/** Requests the upstream saw since `first`, as parsed bodies. */
function bodiesSince(first: number): Record<string, unknown>[] {
  const seen = bed.upstream.log.inference.filter(({ index }) => index >= first);
  return seen.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

describe('Claude Code', () => {
  it.each(protocols)('reads a file with its tool over an upstream of %s', async (protocol) => {
    const folder = folderWithWord();
    const path = join(folder, 'word.txt');
    const model = callingModel('Read', JSON.stringify({ file_path: path }));
    const first = bed.upstream.log.entries.length;
    const answer = await askClaude(await bed.route(protocol, model), folder);
    expect(answer).toMatchObject({ is_error: false, num_turns: 2 });
    expect(answer.result).toContain(secretWord);
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    const bodies = bodiesSince(first);
    expect(bodies).toHaveLength(2);
    // Claude Code moves it away from its call, which Gemini would refuse
    if (protocol === 'gemini-generate')
      expect(JSON.stringify(bodies[1])).toMatch(
        /"name":"Read","args":\{[^}]*\}\},"thoughtSignature":"CswBAX/,
      );
    const log = await bed.admin.newestLog(`${protocol}/${model}`);
    expect(log).toMatchObject({ outcome: 'completed', costStatus: 'exact' });
  });

  it('keeps its betas, its session, and its fields on the way to an Anthropic upstream', async () => {
    const first = bed.upstream.log.entries.length;
    await askClaude(await bed.route('anthropic-messages', 'say-hello'));
    const [seen] = bed.upstream.log.inference.filter(({ index }) => index >= first);
    expect(seen?.headers['anthropic-beta']).toContain('claude-code');
    expect(seen?.headers['x-claude-code-session-id']).toMatch(/^[0-9a-f-]{36}$/);
    const [body] = bodiesSince(first);
    expect(body).toHaveProperty('metadata.user_id');
    expect(JSON.stringify(body)).toContain('cache_control');
  });

  it.each(protocols)('loads a deferred tool over an upstream of %s', async (protocol) => {
    const model = callingModel('ToolSearch', '{"query":"select:WebFetch"}');
    const first = bed.upstream.log.entries.length;
    const answer = await askClaude(await bed.route(protocol, model));
    expect(answer).toMatchObject({ is_error: false, num_turns: 2 });
    const bodies = bodiesSince(first);
    expect(bodies).toHaveLength(2);
    expect(JSON.stringify(bodies[0]?.['tools'])).not.toContain('"name":"WebFetch"');
    expect(JSON.stringify(bodies[1]?.['tools'])).toContain('"name":"WebFetch"');
  });

  it('is told everything that an OpenAI upstream cannot be told', async () => {
    await askClaude(await bed.route('openai-chat', 'say-hello'));
    const { warnings } = await bed.admin.newestLog('openai-chat/say-hello');
    const paths = warnings.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['metadata.user_id', 'thinking']));
  });

  it.each(protocols)('understands from %s that a prompt is too long', async (protocol) => {
    const answer = await askClaude(await bed.route(protocol, 'context-too-long'));
    expect(answer).toMatchObject({
      is_error: true,
      api_error_status: 400,
      terminal_reason: 'prompt_too_long',
    });
  });

  it('runs no tool whose arguments the model got wrong', async () => {
    const model = callingModel('Bash', '["touch ran"]');
    const answer = await askClaude(await bed.route('openai-chat', model));
    expect(answer).toMatchObject({ is_error: true, api_error_status: 502 });
    expect(answer.result).toContain('arguments that are not a JSON object');
    expect(bodiesSince(0).filter((body) => JSON.stringify(body).includes('tool_error'))).toEqual(
      [],
    );
  });

  it('gets a plain answer from the demo model of a first start', async () => {
    await until(
      'the route to the demo model is there',
      async () => {
        const routes = await bed.admin.list<{ readonly name: string }>('model-routes');
        return routes.some(({ name }) => name === 'demo');
      },
      120_000,
    );
    const answer = await askClaude('demo');
    expect(answer).toMatchObject({ is_error: false, num_turns: 1 });
    expect(answer.result).toContain('Hello from Spillway');
    const log = await bed.admin.newestLog('demo');
    expect(log).toMatchObject({ outcome: 'completed', servedKind: 'local', costStatus: 'free' });
  });
});
