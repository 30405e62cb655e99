import { delimiter } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../replay/seeded-random.js';
import type { RequestWithAttempts, VirtualKey } from '../support/management-client.js';
import { startGateway, temporaryFolder } from '../support/start-gateway.js';
import { MixedLoad, type LoadedRoute } from './chaos/mixed-load.js';
import { Strangers } from './chaos/strangers.js';
import { EnginePrograms, scriptedEngines } from './engine-programs.js';
import { engineProcesses, LocalEngines, until } from './local-engines.js';
import { TestBed } from './test-bed.js';

/** `npm run chaos` has fifty; the seed of a run that failed repeats it. */
const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 3);
const seed = process.env['CHAOS_SEED'] ?? 'spillway';
const roundLimitMs = 60_000;
const finalStates = ['settled', 'voided', 'expired'];

interface EngineView {
  readonly id: string;
  readonly pid: number | null;
  readonly origin: string | null;
  readonly state: string;
  readonly leases: number;
  readonly localModelName: string;
}

function costsOf(rows: readonly RequestWithAttempts[]): number {
  const attempts = rows.flatMap((row) => row.attempts);
  return attempts.reduce((sum, { costNanos }) => sum + (costNanos ?? 0), 0);
}

/** One gateway after another on the same data, with one engine on a socket and one on a port. */
class ChaosRun {
  readonly strangers = new Strangers();
  /** Milliseconds from the end of a gateway to that of its last engine. */
  readonly orphanedMs: number[] = [];
  readonly kills = { gateway: 0, engine: 0, adopted: 0 };
  bed!: TestBed;
  load!: MixedLoad;
  keyId = '';
  private readonly socketed = new LocalEngines();
  private readonly ported = new EnginePrograms();
  private readonly env: Readonly<Record<string, string>>;
  readonly random: () => number;

  constructor(private readonly policy: 'stop' | 'keep') {
    this.random = seededRandom(`${seed} ${policy}`);
    this.env = {
      ...this.socketed.env,
      ...this.ported.env,
      SPILLWAY_MODEL_DIRS: [this.socketed.folder, this.ported.models].join(delimiter),
      SPILLWAY_ON_GATEWAY_DEATH: policy,
      HOME: temporaryFolder('spillway-home-'),
    };
  }

  async open(): Promise<void> {
    this.bed = await TestBed.open({ env: this.env });
    const { admin } = this.bed;
    await this.socketed.addModel(this.bed, 'socketed', { wordMs: 20 }, { parallelSlots: 4 });
    const sglang = scriptedEngines.find(({ engine }) => engine === 'sglang');
    if (sglang === undefined) throw new Error('there is no scripted sglang');
    const model = await admin.createLocalModel({ ...this.ported.fieldsOf(sglang), name: 'ported' });
    await this.bed.routeTo('ported', [{ kind: 'local', localModelId: model.id }]);
    const key = await admin.createKey({ name: 'chaos', budgetNanos: 100_000_000_000 });
    this.keyId = key.id;
    await this.strangers.start(0, 'sw-0000000000-00000000-1');
    this.load = new MixedLoad(this.bed, key.secret, await this.routes(), this.random);
  }

  async close(): Promise<void> {
    await this.load.stop();
    this.strangers.close();
    await this.bed.close();
  }

  /** Kills something that works, and waits until the gateway that is left, or the next one, has taken stock. */
  async round(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 300 + this.random() * 900));
    const engines = await this.engines();
    const isGateway = engines.length === 0 || this.random() < 0.6;
    if (isGateway) return this.killGateway(engines);
    const victim = engines[Math.floor(this.random() * engines.length)];
    if (victim?.pid == null) return;
    this.kills.engine += 1;
    process.kill(victim.pid, 'SIGKILL');
    await until('the gateway knows of it', async () =>
      (await this.engines()).every(({ id }) => id !== victim.id),
    );
  }

  async engines(): Promise<EngineView[]> {
    const all = await this.bed.admin.list<EngineView>('instances');
    return all.filter(({ state }) => state === 'ready');
  }

  private async killGateway(engines: readonly EngineView[]): Promise<void> {
    const { dataDir } = this.bed.gateway;
    this.kills.gateway += 1;
    await this.bed.gateway.kill();
    const killedAt = performance.now();
    if (this.policy === 'stop') {
      await until('its engines are gone', () => engineProcesses(dataDir).length === 0);
      this.orphanedMs.push(performance.now() - killedAt);
      await this.takePorts(engines);
    }
    const before = engineProcesses(dataDir);
    await this.bed.resume(await startGateway({ dataDir, env: this.env }));
    const views = await this.bed.admin.list<EngineView>('instances');
    const known = views.map(({ pid }) => pid);
    this.kills.adopted += before.filter((pid) => known.includes(pid)).length;
    const isLost = (pid: number): boolean =>
      before.includes(pid) && !known.includes(pid) && engineProcesses(dataDir).includes(pid);
    await until('each old engine is adopted or dead', () => !before.some(isLost));
  }

  /** Strangers sit down where engines were, before the next gateway looks. */
  private async takePorts(engines: readonly EngineView[]): Promise<void> {
    for (const { id, origin } of engines) {
      if (origin?.startsWith('http:') === true)
        await this.strangers.start(Number(new URL(origin).port), id);
    }
  }

  private async routes(): Promise<LoadedRoute[]> {
    const { bed } = this;
    return [
      { route: 'socketed', isStream: true },
      { route: 'ported', isStream: true },
      { route: await bed.route('openai-chat', 'say-hello'), isStream: false },
      { route: await bed.route('anthropic-messages', 'slow-50ms-10'), isStream: true },
    ];
  }
}

describe.each(['stop', 'keep'] as const)('%s: kills at random under load', (policy) => {
  const run = new ChaosRun(policy);
  let rows: RequestWithAttempts[];

  beforeAll(() => run.open());
  afterAll(() => run.close());

  it(
    `goes through ${rounds} rounds of the seed "${seed}"`,
    { timeout: rounds * roundLimitMs },
    async () => {
      for (let round = 0; round < rounds; round += 1) await run.round();
      // the last word is that of a gateway that was killed
      if (run.kills.gateway === 0) await run.round();
      await run.load.stop();
      await until('everything has ended', async () =>
        (await run.engines()).every(({ leases }) => leases === 0),
      );
      rows = await settledRows();
      const { answered, failed } = run.load;
      const slowest = Math.round(Math.max(0, ...run.orphanedMs));
      process.stdout.write(
        `${policy}: seed "${seed}", ${rounds} rounds, ${JSON.stringify(run.kills)}, ${answered} answered, ${failed} failed, ` +
          `${rows.length} rows, ${run.strangers.count} strangers, orphans gone after ${slowest} ms at most\n`,
      );
    },
  );

  /** Rows are written a moment after their requests: they are all there when they make up what was spent. */
  async function settledRows(): Promise<RequestWithAttempts[]> {
    const { admin } = run.bed;
    let found: RequestWithAttempts[] = [];
    const isWhole = async (): Promise<boolean> => {
      found = await admin.allLogs();
      const { spentNanos } = await admin.get<VirtualKey>(`/virtual-keys/${run.keyId}`);
      const own = found.filter(({ keyId }) => keyId === run.keyId);
      return found.every(({ outcome }) => outcome !== 'running') && costsOf(own) === spentNanos;
    };
    await until('every row is closed, and all of them make up what was spent', isWhole, 60_000);
    return found;
  }

  it('did some work all the while, and nobody waited for ever', () => {
    expect(run.load.answered).toBeGreaterThan(0);
    expect(run.load.hung).toBe(0);
  });

  it.runIf(policy === 'stop')('left nothing running for more than a second', () => {
    expect(run.orphanedMs.filter((ms) => ms > 1000)).toEqual([]);
  });

  it('signalled no stranger, and sent none a prompt (invariants 3 and 9)', () => {
    expect({ dead: run.strangers.dead, harm: run.strangers.harm }).toEqual({ dead: 0, harm: [] });
  });

  it('lost no row of an attempt that reached a provider', () => {
    const attempts = rows.flatMap((row) => row.attempts);
    for (const model of ['say-hello', 'slow-50ms-10']) {
      const seen = run.bed.upstream.log.ofModel(model).length;
      const known = attempts.filter(({ upstreamModel }) => upstreamModel === model).length;
      expect(known, model).toBeGreaterThanOrEqual(seen);
    }
  });

  it('ended every attempt exactly once, with nothing set aside any more (invariants 7, 8 and 13)', async () => {
    const attempts = rows.flatMap((row) => row.attempts);
    expect(attempts.filter(({ state }) => !finalStates.includes(state))).toEqual([]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(attempts.length);
    const { heldNanos } = await run.bed.admin.get<VirtualKey>(`/virtual-keys/${run.keyId}`);
    expect(heldNanos).toBe(0);
  });
});
