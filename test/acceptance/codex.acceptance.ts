import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocols, TestBed } from '../e2e/test-bed.js';
import { callingModel } from '../support/fake-upstream/script.js';
import { temporaryFolder } from '../support/start-gateway.js';
import { InstalledAgent } from './installed-agent.js';

const secretWord = 'marmalade';

let agent: InstalledAgent;
let bed: TestBed;

beforeAll(async () => {
  agent = InstalledAgent.install('@openai/codex', 'codex');
  bed = await TestBed.open();
});
afterAll(() => bed?.close());

interface CodexEnd {
  readonly code: number | null;
  /** What Codex tells at last. */
  readonly message: string;
  /** The events of the run as they came. */
  readonly events: readonly Record<string, unknown>[];
}

/** Codex as a user sets it up for a gateway, in a folder with one file that holds a word. */
async function askCodex(route: string, folder = folderWithWord()): Promise<CodexEnd> {
  const home = temporaryFolder('spillway-codex-home-');
  writeFileSync(
    join(home, 'config.toml'),
    [
      `model = ${JSON.stringify(route)}`,
      'model_provider = "spillway"',
      '[model_providers.spillway]',
      'name = "Spillway"',
      `base_url = "${bed.gateway.origin}/v1"`,
      'wire_api = "responses"',
      'env_key = "SPILLWAY_KEY"',
      'request_max_retries = 0',
      'stream_max_retries = 0',
      '',
    ].join('\n'),
  );
  const { code, stdout, stderr } = await agent.run({
    args: [
      'exec',
      '--json',
      '--skip-git-repo-check',
      '--sandbox',
      'danger-full-access',
      'Which word is in word.txt?',
    ],
    cwd: folder,
    env: { CODEX_HOME: home, SPILLWAY_KEY: bed.key },
  });
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  if (events.length === 0) throw new Error(`codex ended with ${code}:\n${stdout}\n${stderr}`);
  return { code, events, message: lastMessage(events) };
}

function lastMessage(events: readonly Record<string, unknown>[]): string {
  const items = events.map(({ item }) => item as { type?: string; text?: string } | undefined);
  return items.findLast((item) => item?.type === 'agent_message')?.text ?? '';
}

function folderWithWord(): string {
  const folder = temporaryFolder('spillway-agent-work-');
  writeFileSync(join(folder, 'word.txt'), `${secretWord}\n`);
  return folder;
}

/** Everything Codex says went wrong. */
function errorsOf({ events }: CodexEnd): string {
  const told = events.filter(({ type }) => type === 'error' || type === 'turn.failed');
  return told.map((event) => JSON.stringify(event)).join('\n');
}

describe('Codex', () => {
  it.each(protocols)('reads a file with its tool over an upstream of %s', async (protocol) => {
    const model = callingModel('exec_command', JSON.stringify({ cmd: 'cat word.txt' }));
    const first = bed.upstream.log.entries.length;
    const end = await askCodex(await bed.route(protocol, model));
    expect(`${end.code} ${errorsOf(end)}`).toBe('0 ');
    expect(end.message).toContain(secretWord);
    const seen = bed.upstream.log.inference.filter(({ index }) => index >= first);
    expect(seen.map(({ status }) => status)).toEqual([200, 200]);
    expect(end.events.at(-1)).toMatchObject({ type: 'turn.completed' });
    const log = await bed.admin.newestLog(`${protocol}/${model}`);
    expect(log).toMatchObject({ outcome: 'completed', costStatus: 'exact' });
  });

  it('brings its tools that have no counterpart, and is told what became of them', async () => {
    await askCodex(await bed.route('anthropic-messages', 'say-hello'));
    const sent = bed.upstream.log.last('say-hello').body;
    // members of a namespace become plain functions
    expect(sent).toContain('spawn_agent');
    const { warnings } = await bed.admin.newestLog('anthropic-messages/say-hello');
    const paths = warnings.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['client_metadata', 'prompt_cache_key']));
  });

  it.each(protocols)('tells why an upstream of %s broke its stream', async (protocol) => {
    const end = await askCodex(await bed.route(protocol, 'error-mid'));
    // Anthropic's error says that it is overloaded, which Codex has words of its own for
    expect(errorsOf(end)).toContain(
      protocol === 'anthropic-messages'
        ? 'Selected model is at capacity'
        : 'The fake upstream broke inside its stream.',
    );
  });

  it.each(protocols)('understands from %s that a prompt is too long', async (protocol) => {
    const end = await askCodex(await bed.route(protocol, 'context-too-long'));
    expect(errorsOf(end)).toMatch(/context window|too long|maximum|input token count/);
  });

  it('says that the upstream asks to wait', async () => {
    const end = await askCodex(await bed.route('openai-chat', 'status-429-retry-7'));
    expect(errorsOf(end)).toMatch(/429|rate/i);
  });
});
