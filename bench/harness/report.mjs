import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goalTable, medianTable, roundTable, table } from './report-text.mjs';

const FOLDER = fileURLToPath(new URL('../results', import.meta.url));

/**
 * @typedef {object} BenchReport
 * @property {string} startedAt
 * @property {string} set
 * @property {number} seconds
 * @property {ReturnType<import('./machine.mjs').machine>} machine
 * @property {string[]} warnings
 * @property {{ name: string, version: string, features: string }[]} targets
 * @property {{ name: string, reason: string }[]} missing
 * @property {import('./shared-processes.mjs').ScenarioResult[]} results
 * @property {{ instance: string, isComplete: boolean, report: import('../targets/target.mjs').AuditReport }[]} audits
 * @property {import('../goals/goals.mjs').GoalReport[]} goals
 */

/** @param {BenchReport} report @returns {string} */
function markdown(report) {
  const { machine } = report;
  const audits = report.audits.map(({ instance, isComplete, report: { logged, expected } }) => [
    instance,
    isComplete ? 'complete' : 'NOT COMPLETE',
    JSON.stringify(logged),
    JSON.stringify(expected),
  ]);
  return [
    `# Benchmark of ${report.startedAt} (${report.set}, ${report.seconds.toFixed(0)} s)`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}; Node ${machine.node}; gateway ${machine.pinned ? 'pinned to a core of its own' : 'not pinned'}; idle cores ${machine.pollsWhileIdle ? 'poll' : 'sleep'}; commit ${machine.commit}; lock files: product ${machine.lockFiles.product}, peers ${machine.lockFiles.peers}; load average at the start ${machine.loadAverage.toFixed(2)}.`,
    ...report.warnings.map((warning) => `**${warning}**`),
    table([
      ['target', 'version', 'what it does for each request'],
      ...report.targets.map(({ name, version, features }) => [name, version, features]),
    ]),
    ...report.missing.map(({ name, reason }) => `Not run: ${name}: ${reason}`),
    '## Goals',
    goalTable(report.goals),
    '## Audit',
    audits.length === 0
      ? 'No gateway with a record was run.'
      : table([['instance', '', 'recorded', 'counted by the mock'], ...audits]),
    '## Medians',
    'CPU is per request, per text chunk for streams; all threads and child processes. Ratios are taken inside each round: median (min-max).',
    ...report.results.flatMap((result) => [
      `### ${result.scenario.title} (\`${result.scenario.id}\`)`,
      medianTable(result),
      ...result.excluded.map(({ label, reason }) => `Not run: ${label}: ${reason}`),
    ]),
    '## Every round',
    ...report.results.flatMap((result) => [`### ${result.scenario.id}`, roundTable(result)]),
    '',
  ].join('\n\n');
}

/** @param {BenchReport} report @returns {string} path of the markdown file; the JSON stands beside it */
export function writeReport(report) {
  mkdirSync(FOLDER, { recursive: true });
  const stem = join(
    FOLDER,
    `${report.startedAt.replaceAll(':', '').replace(/\..*$/, '')}-${report.set}`,
  );
  writeFileSync(`${stem}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${stem}.md`, markdown(report));
  return `${stem}.md`;
}
