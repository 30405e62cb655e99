import { readdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeSpec } from '../test/fake-engine-preset.js';
import type { FakeBehaviour } from '../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../test/open-supervisor.js';
import { isAlive, temporaryFolder, waitFor } from '../test/process-checks.js';
import { failureOf, firstEnded, journalLines, pidOf } from '../test/supervisor-checks.js';

describe('Supervisor after a failed start', () => {
  it('reports a missing program and looks again when asked later', async () => {
    const { supervisor } = await openSupervisor({ file: null });
    const failure = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(failure).toMatchObject({ code: 'not-installed' });
    await waitFor('it rests', () => supervisor.view('model-1').state === 'unavailable');
    expect(supervisor.view('model-1').reason).toBe('The fake engine is not installed.');
    expect(supervisor.list()).toEqual([]);
  });

  it.each(['/nowhere/engine', fileURLToPath(import.meta.url)])(
    'reports a program that cannot be executed: %s',
    async (file) => {
      const { supervisor, dataDir } = await openSupervisor({ file });
      const failure = await failureOf(supervisor.acquire(fakeSpec(), patient()));
      expect(failure).toMatchObject({ code: 'not-installed' });
      expect(failure.lastLines[0]).toContain(file);
      await waitFor('it rests', () => supervisor.view('model-1').state === 'unavailable');
      expect((await failureOf(supervisor.start(fakeSpec()))).code).toBe('not-installed');
      expect(supervisor.list()).toEqual([]);
      await waitFor('no record stays', () => readdirSync(join(dataDir, 'instances')).length === 0);
    },
  );

  const cases: [string, FakeBehaviour, string, string, string][] = [
    [
      'out of memory',
      { print: ['ggml_backend_cuda_buffer_type_alloc_buffer: cudaMalloc failed: out of memory'] },
      'out-of-memory',
      'out-of-memory',
      'backoff',
    ],
    [
      'a refused flag',
      { print: ['error: invalid argument: --nope'] },
      'start-failed',
      'bad-flag',
      'quarantined',
    ],
    [
      'a damaged model',
      { print: ['error: failed to load model'] },
      'start-failed',
      'model-corrupt',
      'quarantined',
    ],
    ['an unknown end', { print: ['boom'] }, 'start-failed', 'start-failed', 'backoff'],
  ];
  it.each(cases)('classifies %s', async (...given) => {
    const [, behaviour, code, reason, state] = given;
    const { supervisor } = await openSupervisor({ behaviour: { ...behaviour, exitAtOnce: 1 } });
    const failure = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(failure.code).toBe(code);
    expect(failure.lastLines).toEqual(behaviour.print);
    await waitFor('it rests', () => supervisor.view('model-1').state === state);
    const exit = firstEnded(supervisor)?.exit;
    expect(exit).toMatchObject({ code: 1, signal: null, reason, lastLines: behaviour.print });
  });

  it('does not spawn while a crash loop pauses, and pauses longer each time', async () => {
    const journal = join(temporaryFolder(), 'journal');
    const { supervisor } = await openSupervisor({ behaviour: { exitAtOnce: 3, journal } });
    const pauses: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      await failureOf(supervisor.acquire(fakeSpec(), patient()));
      await waitFor('it rests', () => supervisor.view('model-1').state === 'backoff');
      const refused = await failureOf(supervisor.acquire(fakeSpec(), patient()));
      pauses.push(refused.retryAfterMs ?? 0);
      await waitFor('the pause ends', () => supervisor.view('model-1').state === 'cold');
    }
    expect(journalLines(journal, 'start')).toHaveLength(2);
    expect(pauses[0]).toBeGreaterThan(600);
    expect(pauses[1]).toBeGreaterThan(1400);
  });

  it('ends an engine that never becomes ready, by the time since its last output', async () => {
    const behaviour = { neverReady: true };
    const { supervisor } = await openSupervisor({ behaviour }, { startTimeoutMs: 300 });
    const waiting = failureOf(supervisor.acquire(fakeSpec(), patient()));
    await waitFor('the engine process exists', () => supervisor.view('model-1').instance !== null);
    const pid = pidOf(supervisor);
    expect((await waiting).code).toBe('start-timeout');
    await waitFor('the engine is gone', () => !isAlive(pid));
  });

  it('waits longer than the start timeout for an engine that reports progress', async () => {
    const behaviour = { loadMs: 900, progressMs: 50 };
    const { supervisor } = await openSupervisor({ behaviour }, { startTimeoutMs: 400 });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    expect(lease.loadMs).toBeGreaterThan(800);
    lease.release();
  });
});

describe('Supervisor with a stranger on the port', () => {
  it('sends nothing but its probe to an HTTP server that answers as if it were ready', async () => {
    const seen: string[] = [];
    let launches = 0;
    const { supervisor } = await openSupervisor({
      behaviour: { lateBindMs: 2000 },
      onLaunch: ({ port }) => {
        launches += 1;
        const stranger = createHttpServer((request, response) => {
          seen.push(`${request.method} ${request.url}`);
          response.end(JSON.stringify({ data: [{ id: 'somebody-else' }] }));
        });
        stranger.listen(port, '127.0.0.1');
        onTestFinished(() => void stranger.close());
      },
    });
    const failure = await failureOf(supervisor.acquire(fakeSpec(), patient()));
    expect(failure.code).toBe('port-conflict');
    expect(launches).toBe(3);
    expect(new Set(seen)).toEqual(new Set(['GET /health', 'GET /v1/models']));
  });

  it('takes another port when one was snatched between the choice and the bind', async () => {
    let launches = 0;
    const { supervisor } = await openSupervisor({
      onLaunch: ({ port }) => {
        launches += 1;
        if (launches > 2) return;
        const squatter = createServer();
        squatter.listen(port, '127.0.0.1');
        onTestFinished(() => void squatter.close());
      },
    });
    const lease = await supervisor.acquire(fakeSpec(), patient());
    expect(launches).toBe(3);
    lease.release();
  });
});
