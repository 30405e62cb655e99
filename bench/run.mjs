/** The benchmark: starts mock, generator and gateways, measures in interleaved rounds, judges the goals. See README.md. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchArguments, USAGE } from './harness/arguments.mjs';
import { BenchRig } from './harness/bench-rig.mjs';
import { runFresh } from './harness/fresh-processes.mjs';
import { pollWhileIdle } from './harness/idle-polling.mjs';
import { runInProcess } from './harness/in-process.mjs';
import { judgeGoals } from './goals/goal-catalogue.mjs';
import { machine } from './harness/machine.mjs';
import { warmUp } from './harness/measure.mjs';
import { placementWarnings, placeRunner } from './harness/placement.mjs';
import { goalTable, medianTable, sampleLine } from './harness/report-text.mjs';
import { writeReport } from './harness/report.mjs';
import { runShared } from './harness/shared-processes.mjs';
import { plain, SMALL_MODEL } from './scenarios/scenario.mjs';
import { direct } from './targets/direct.mjs';
import { floor } from './targets/floor.mjs';
import { nginx } from './targets/nginx.mjs';
import { portkey } from './targets/portkey.mjs';
import { buildIfNeeded, spillway } from './targets/spillway.mjs';

const WARM_UP_MS = { quick: 1500, default: 3000, full: 3000 };

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

function installPeers() {
  const cwd = fileURLToPath(new URL('./peers', import.meta.url));
  const outcome = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    stdio: 'inherit',
  });
  if (outcome.status !== 0) throw new Error('npm ci in bench/peers failed');
}

/** One run from start to end, so that whatever was started can be stopped in one place. */
class BenchRun {
  /** @param {import('./harness/arguments.mjs').BenchArguments} wanted */
  constructor(wanted) {
    this.wanted = wanted;
    this.rig = new BenchRig();
    this.temporaryFolder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
    process.on('exit', () => rmSync(this.temporaryFolder, { recursive: true, force: true }));
    this.models = [...new Set([SMALL_MODEL, ...wanted.scenarios.map(({ model }) => model)])];
    const chosen = [direct, floor, nginx, portkey, spillway].filter(({ name }) =>
      wanted.targets.includes(name),
    );
    this.targets = new Map(chosen.map((target) => [target.name, target]));
    /** @type {Map<string, import('./targets/target.mjs').RunningTarget>} */
    this.running = new Map();
    /** @type {Map<string, string>} */
    this.versions = new Map();
    /** @type {{ name: string, reason: string }[]} */
    this.missing = [];
    /** @type {import('./harness/report.mjs').BenchReport['audits']} */
    this.audits = [];
    /** @type {import('./harness/shared-processes.mjs').ScenarioResult[]} */
    this.results = [];
  }

  async execute() {
    await this.rig.start();
    const { scenarios, rounds, set } = this.wanted;
    const mayRepeat = set !== 'quick';
    /** @type {import('./harness/shared-processes.mjs').Run['onSample']} */
    const onSample = (scenario, sample) => say(sampleLine(scenario, sample));
    const shared = scenarios.filter((scenario) => scenario.process === 'shared');
    if (shared.length > 0) await this.startAll();
    for (const scenario of shared) {
      this.finish(
        await runShared(scenario, this.running, { rig: this.rig, rounds, mayRepeat, onSample }),
      );
    }
    await this.stopAll();
    for (const scenario of scenarios.filter(({ process: kind }) => kind === 'in-process')) {
      buildIfNeeded();
      this.finish(await runInProcess(scenario, { rounds, onSample }));
    }
    const fresh = ['fresh', 'cold-start'];
    for (const scenario of scenarios.filter(({ process: kind }) => fresh.includes(kind))) {
      const beforeStop = this.check.bind(this);
      const { rig, temporaryFolder, models, targets } = this;
      this.finish(
        await runFresh(scenario, {
          rig,
          rounds,
          temporaryFolder,
          models,
          targets,
          onSample,
          beforeStop,
        }),
      );
    }
  }

  async startAll() {
    const { rig, temporaryFolder, models } = this;
    for (const [name, target] of this.targets) {
      try {
        const started = await target.start({ rig, temporaryFolder, models });
        this.running.set(name, started);
        this.versions.set(name, started.version);
        say(`started ${name} (${started.version})`);
        const [contender] = plain([name]);
        if (contender !== undefined) {
          await warmUp({ contender, target: started }, rig, WARM_UP_MS[this.wanted.set]);
        }
      } catch (error) {
        this.missing.push({ name, reason: reasonOf(error) });
        this.targets.delete(name);
        say(`CANNOT RUN ${name}: ${reasonOf(error)}`);
      }
    }
  }

  /** @param {import('./harness/shared-processes.mjs').ScenarioResult} result */
  finish(result) {
    this.results.push(result);
    say(`\n${result.scenario.title}\n${medianTable(result)}`);
    for (const { label, reason } of result.excluded) say(`not run: ${label}: ${reason}`);
    say('');
  }

  /** Compares a gateway's own record with the mock's counts. @param {string} name @param {import('./targets/target.mjs').RunningTarget} target */
  async check(name, target) {
    this.versions.set(name, target.version);
    if (target.audit === undefined) return;
    const instance = `${name} ${this.audits.length + 1}`;
    try {
      const report = await target.audit();
      const isComplete = Object.entries(report.expected).every(
        ([field, count]) => report.logged[field] === count,
      );
      this.audits.push({ instance, isComplete, report });
      say(
        `audit of ${instance}: ${isComplete ? 'complete' : 'NOT COMPLETE'} ${JSON.stringify(report)}`,
      );
    } catch (error) {
      this.audits.push({ instance, isComplete: false, report: { logged: {}, expected: {} } });
      say(`audit of ${instance} FAILED: ${reasonOf(error)}`);
    }
  }

  async stopAll() {
    for (const [name, target] of this.running) {
      await this.check(name, target);
      await target.stop();
    }
    this.running.clear();
  }

  async cleanUp() {
    await Promise.all([...this.running.values()].map((target) => target.stop()));
    await this.rig.stop();
  }

  describeTargets() {
    return [...this.targets.values()].map(({ name, features }) => ({
      name,
      features,
      version: this.versions.get(name) ?? '-',
    }));
  }
}

/** @param {import('./harness/arguments.mjs').BenchArguments} wanted */
async function bench(wanted) {
  if (wanted.installPeers) installPeers();
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const about = machine(pollWhileIdle());
  const warnings = placementWarnings();
  for (const warning of warnings) say(warning);
  placeRunner();
  const run = new BenchRun(wanted);
  try {
    await run.execute();
  } finally {
    await run.cleanUp();
  }
  const isAuditComplete = run.audits.every(({ isComplete }) => isComplete);
  const goals = judgeGoals(run.results, { candidate: 'spillway', isAuditComplete });
  const seconds = (performance.now() - startedMs) / 1000;
  const { results, audits, missing } = run;
  const path = writeReport({
    startedAt,
    set: wanted.set,
    seconds,
    machine: about,
    warnings,
    targets: run.describeTargets(),
    missing,
    results,
    audits,
    goals,
  });
  say(
    `Goals\n${goalTable(goals.filter(({ verdict }) => verdict !== 'not measured'))}\n\n${seconds.toFixed(0)} s; report: ${path}`,
  );
  const hasErrors = results.some(({ samples }) =>
    samples.some(({ label, errors }) => label.startsWith('spillway') && errors > 0),
  );
  if (hasErrors || !isAuditComplete) process.exitCode = 1;
}

try {
  const wanted = benchArguments(process.argv.slice(2));
  if (wanted.isList)
    for (const { id, title, sets } of wanted.scenarios)
      say(`${id.padEnd(20)} ${title} [${sets.join(', ')}]`);
  else await bench(wanted);
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
