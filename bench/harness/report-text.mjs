import { isDisturbed } from './measure.mjs';
import { ratioSpread, spreadOf, spreadText } from './statistics.mjs';

/**
 * @typedef {import('./sample.mjs').Sample} Sample
 * @typedef {{ head: string, read: (sample: Sample) => number | null | undefined, digits: number }} Column
 */

/** @type {Column[]} */
const COLUMNS = [
  { head: 'req/s', read: (s) => s.requestsPerSecond || null, digits: 0 },
  { head: 'chunks/s', read: (s) => s.eventsPerSecond, digits: 0 },
  { head: 'CPU µs', read: (s) => s.cpuUs, digits: 1 },
  { head: 'p50 ms', read: (s) => ms(s.p50Us), digits: 2 },
  { head: 'p99 ms', read: (s) => ms(s.p99Us), digits: 2 },
  { head: 'first event p50 ms', read: (s) => ms(s.firstByteP50Us), digits: 2 },
  { head: 'delivery p50 ms', read: (s) => ms(s.deliveryP50Us), digits: 2 },
  { head: 'delivery p99 ms', read: (s) => ms(s.deliveryP99Us), digits: 2 },
  { head: 'small p50 ms', read: (s) => ms(s.smallP50Us), digits: 1 },
  { head: 'small p99 ms', read: (s) => ms(s.smallP99Us), digits: 1 },
  { head: 'first 200 ms', read: (s) => s.firstOkMs, digits: 0 },
  { head: 'idle MiB', read: (s) => s.idleMiB, digits: 0 },
  { head: 'RSS MiB', read: (s) => s.rssMiB, digits: 0 },
  { head: 'peak MiB', read: (s) => s.peakRssMiB, digits: 0 },
  { head: 'KiB/stream', read: (s) => s.streamKiB, digits: 1 },
  { head: 'core %', read: (s) => s.cpuPercent, digits: 0 },
  { head: 'harness core %', read: (s) => s.harnessCpuPercent, digits: 0 },
  { head: 'others %', read: (s) => s.foreignPercent, digits: 1 },
  { head: 'wait %', read: (s) => s.waitPercent, digits: 1 },
];

/** @param {number | null} us */
const ms = (us) => (us === null ? null : us / 1000);

/** @param {string[][]} rows the first is the head */
export function table(rows) {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** One line for the console while the run goes on. @param {import('../scenarios/scenario.mjs').Scenario} scenario @param {Sample} sample */
export function sampleLine(scenario, sample) {
  const parts = COLUMNS.flatMap(({ head, read, digits }) => {
    const value = read(sample);
    return typeof value === 'number' ? [`${head} ${value.toFixed(digits)}`] : [];
  });
  const mark = `${sample.errors > 0 ? `  ERRORS ${sample.errors} ${JSON.stringify(sample.problems)}` : ''}${isDisturbed(sample) ? '  (disturbed)' : ''}`;
  return `${scenario.id} round ${sample.round} ${sample.label.padEnd(10)} ${parts.join(', ')}${mark}`;
}

/** Medians of a scenario, with ratios taken inside the rounds. @param {import('./shared-processes.mjs').ScenarioResult} result */
export function medianTable({ scenario, samples }) {
  const labels = [...new Set(scenario.contenders.map(({ label }) => label))].filter((label) =>
    samples.some((sample) => sample.label === label),
  );
  const columns = COLUMNS.filter(({ read }) =>
    samples.some((sample) => typeof read(sample) === 'number'),
  );
  const peers = ['nginx', 'floor', 'portkey'].filter((peer) => labels.includes(peer));
  const rows = labels.map((label) => {
    const own = samples.filter((sample) => sample.label === label);
    const values = columns.map(({ read, digits }) => {
      const spread = spreadOf(own.map(read));
      return spread === null ? '-' : spread.median.toFixed(digits);
    });
    const cpuRatios = peers.map((peer) =>
      spreadText(ratioSpread(samples, { over: label, under: peer, value: ({ cpuUs }) => cpuUs })),
    );
    const errors = own.reduce((sum, sample) => sum + sample.errors, 0);
    return [
      label,
      ...values,
      ...cpuRatios,
      `${errors}`,
      `${own.filter(isDisturbed).length}/${own.length}`,
    ];
  });
  return table([
    [
      '',
      ...columns.map(({ head }) => head),
      ...peers.map((peer) => `CPU x ${peer}`),
      'errors',
      'disturbed',
    ],
    ...rows,
  ]);
}

/** Every round, so that a slow state of one target can be seen. @param {import('./shared-processes.mjs').ScenarioResult} result */
export function roundTable({ samples }) {
  const columns = COLUMNS.filter(({ read }) =>
    samples.some((sample) => typeof read(sample) === 'number'),
  );
  return table([
    ['round', '', ...columns.map(({ head }) => head), 'others busy %', 'errors'],
    ...samples.map((sample) => [
      String(sample.round),
      sample.label,
      ...columns.map(({ read, digits }) => read(sample)?.toFixed(digits) ?? '-'),
      sample.othersBusyPercent?.toFixed(0) ?? '-',
      String(sample.errors),
    ]),
  ]);
}

/** @param {import('../goals/goals.mjs').GoalReport[]} goals */
export function goalTable(goals) {
  const rows = goals.flatMap(({ id, title, verdict, checks }) =>
    checks.map(({ text, measured, limit, isMet }, index) => [
      index === 0 ? id : '',
      index === 0 ? title : '',
      text,
      measured,
      limit,
      isMet === null ? '-' : isMet ? 'yes' : 'NO',
      index === 0 ? `**${verdict}**` : '',
    ]),
  );
  return table([
    ['goal', '', 'check', 'measured: median (min-max)', 'limit', 'met', 'verdict'],
    ...rows,
  ]);
}
