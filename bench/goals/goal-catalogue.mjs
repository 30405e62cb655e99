import { pairLabel, pairs, parseLabel } from '../translation/pairs.mjs';
import { agentYardstick, chunkYardstick } from '../translation/yardstick.mjs';
import { Evidence, judged } from './goals.mjs';

const IN_FLIGHT_MIB = 80;

/** @typedef {import('./goals.mjs').GoalReport} GoalReport */
/** @typedef {(id: string) => Evidence} Lookup */

/** @type {{ id: string, title: string, checks: (of: Lookup) => import('./goals.mjs').Check[] }[]} */
const GOALS = [
  {
    id: 'G1',
    title: 'JSON 1 KB, 32 connections, all features on',
    checks: (of) => {
      const json = of('json-c32');
      return [
        json.check('CPU per request over nginx', json.ratio('cpuUs', 'nginx'), { most: 7.5 }),
        json.check('requests/s over Portkey', json.ratio('requestsPerSecond', 'portkey'), {
          least: 12,
        }),
        json.noErrors(),
      ];
    },
  },
  {
    id: 'G4',
    title: 'added latency, 1 connection',
    checks: (of) => {
      const one = of('json-c1');
      return [
        one.check('added p50 over nginx’s', one.addedRatio('p50Us', 'nginx'), { most: 3.5 }),
        one.check('added p50 over Portkey’s', one.addedRatio('p50Us', 'portkey'), { most: 1 / 6 }),
        one.check(
          'p99',
          one.value(({ p99Us }) => p99Us),
          { most: 1000, unit: ' µs', digits: 0 },
        ),
        one.noErrors(),
      ];
    },
  },
  {
    id: 'G5',
    title: 'open loop, 1,000 requests/s',
    checks: (of) => {
      const open = of('json-open-1000');
      return [
        open.check('p50 over nginx', open.ratio('p50Us', 'nginx'), { most: 3 }),
        open.check(
          'p99',
          open.value(({ p99Us }) => p99Us),
          { most: 2000, unit: ' µs', digits: 0 },
        ),
        open.noErrors(),
      ];
    },
  },
  {
    id: 'G6',
    title: 'translation, JSON',
    checks: (of) => translationChecks(of('translate-json'), 1.25),
  },
  {
    id: 'G7',
    title: '50 paced streams: time to the first event',
    checks: (of) => {
      const streams = of('streams-50');
      return [
        streams.check('added p50', streams.added('firstByteP50Us'), {
          most: 1000,
          unit: ' µs',
          digits: 0,
        }),
        streams.check('added p50 over Portkey’s', streams.addedRatio('firstByteP50Us', 'portkey'), {
          most: 1 / 25,
          digits: 3,
        }),
        streams.noErrors(),
      ];
    },
  },
  {
    id: 'G8',
    title: '200 paced streams (20,000 chunks/s)',
    checks: (of) => {
      const streams = of('streams-200');
      return [
        streams.check('CPU per chunk over nginx', streams.ratio('cpuUs', 'nginx'), { most: 3.6 }),
        streams.check('CPU per chunk over Portkey', streams.ratio('cpuUs', 'portkey'), {
          most: 0.45,
        }),
        streams.check('chunk delivery p50 over nginx', streams.ratio('deliveryP50Us', 'nginx'), {
          most: 1.5,
        }),
        streams.noErrors(),
      ];
    },
  },
  {
    id: 'G9',
    title: 'translation, 200 paced streams',
    checks: (of) => translationChecks(of('translate-streams'), 1.35),
  },
  {
    id: 'T1',
    title: 'translation of a streamed chunk, over parsing alone, scaled by the yardstick',
    checks: (of) => {
      const chunk = of('translate-chunk');
      return pairs.map((pair) =>
        chunk.check(
          pairLabel(pair),
          chunk.scaledCpuUs(pairLabel(pair), chunkYardstick, parseLabel(pair[0])),
          { most: 2, unit: ' µs' },
        ),
      );
    },
  },
  {
    id: 'T2',
    title: 'agent request of 70 KB, decoded and encoded, scaled by the yardstick',
    checks: (of) => {
      const agent = of('translate-agent');
      return pairs.map((pair) =>
        agent.check(pairLabel(pair), agent.scaledCpuUs(pairLabel(pair), agentYardstick), {
          most: 500,
          unit: ' µs',
          digits: 0,
        }),
      );
    },
  },
  {
    id: 'G10',
    title: '5,000 slow streams',
    checks: (of) => {
      const slow = of('streams-5000');
      return [
        slow.check(
          'memory per stream',
          slow.value(({ streamKiB }) => streamKiB),
          { most: 60, unit: ' KiB', digits: 1 },
        ),
        slow.check('memory per stream over Portkey', slow.ratio('streamKiB', 'portkey'), {
          most: 0.4,
        }),
        slow.check('CPU per chunk over nginx', slow.ratio('cpuUs', 'nginx'), { most: 3 }),
        slow.noErrors(),
      ];
    },
  },
  {
    id: 'G11',
    title: '20 MB bodies, 4 at once, small requests alongside',
    checks: (of) => {
      const large = of('body-20m');
      const idleMiB = large.value(({ beforeRssMiB }) => beforeRssMiB)?.minimum ?? 0;
      const most = Math.round(idleMiB + 3 * IN_FLIGHT_MIB);
      return [
        large.check('CPU per large request over nginx', large.ratio('cpuUs', 'nginx'), {
          most: 3.5,
        }),
        large.check('small requests’ p99 over nginx', large.ratio('smallP99Us', 'nginx'), {
          most: 3,
        }),
        large.check('small requests’ p99 over Portkey', large.ratio('smallP99Us', 'portkey'), {
          most: 1 / 15,
          digits: 3,
        }),
        large.check(
          'peak memory (before + 3 x bytes in flight)',
          large.value(({ peakRssMiB }) => peakRssMiB),
          { most, pick: 'maximum', unit: ' MiB', digits: 0 },
        ),
        large.noErrors(),
      ];
    },
  },
  {
    id: 'G12',
    title: 'bodies of 8 KB, 64 KB and an agent’s 186 KB, long-lived process',
    checks: (of) =>
      ['body-8k', 'body-64k', 'body-agent'].flatMap((id) => {
        const body = of(id);
        const overNginx = body.ratio('cpuUs', 'nginx');
        return [
          body.check(`${id}: CPU over nginx`, overNginx, { most: 6 }),
          body.check(`${id}: worst round`, overNginx, { most: 12, pick: 'maximum' }),
          body.check(`${id}: requests/s over Portkey`, body.ratio('requestsPerSecond', 'portkey'), {
            least: 8,
          }),
          body.noErrors(),
        ];
      }),
  },
  {
    id: 'G13',
    title: 'footprint with database, management API and migrations loaded',
    checks: (of) => {
      const cold = of('cold-start');
      return [
        cold.check(
          'spawn to first answer',
          cold.value(({ firstOkMs }) => firstOkMs),
          { most: 2000, unit: ' ms', digits: 0 },
        ),
        cold.check(
          'idle memory',
          cold.value(({ idleMiB }) => idleMiB),
          { most: 180, unit: ' MiB', digits: 0 },
        ),
        cold.check(
          'memory after load over idle',
          cold.value(({ rssMiB, idleMiB }) =>
            rssMiB === null || !idleMiB ? null : rssMiB / idleMiB,
          ),
          { most: 2 },
        ),
        cold.noErrors(),
      ];
    },
  },
];

/** @param {Evidence} translation @param {number} most */
function translationChecks(translation, most) {
  return [
    ['spillway openai>anthropic', 'spillway openai'],
    ['spillway anthropic>openai', 'spillway anthropic'],
  ]
    .map(([over = '', under = '']) =>
      translation.check(`CPU, ${over} over ${under}`, translation.ratio('cpuUs', under, over), {
        most,
      }),
    )
    .concat(translation.noErrors());
}

/**
 * @param {import('../harness/shared-processes.mjs').ScenarioResult[]} results
 * @param {{ candidate: string, isAuditComplete: boolean }} judgement
 * @returns {GoalReport[]} only goals with something measured
 */
export function judgeGoals(results, { candidate, isAuditComplete }) {
  const of = (/** @type {string} */ id) =>
    new Evidence(
      results.find(({ scenario }) => scenario.id === id),
      candidate,
    );
  return GOALS.map(({ id, title, checks }) => judged(id, title, checks(of), isAuditComplete));
}
