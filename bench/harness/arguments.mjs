import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { catalogue } from '../scenarios/catalogue.mjs';
import { NGINX_BINARY } from '../targets/nginx.mjs';

export const USAGE = `npm run bench -- [options]
  --quick            60 to 90 seconds: 1 and 32 connections, 50 streams, 20 MB bodies; 2 rounds
  --full             all scenarios; 5 rounds
  --only a,b         these scenarios (${catalogue.map(({ id }) => id).join(', ')})
  --targets a,b      only these of direct, floor, nginx, portkey, spillway
  --rounds N         rounds per scenario (1 to 50)
  --install-peers    install the pinned peers below bench/peers first
  --list             print the scenarios and end`;

/**
 * @typedef {object} BenchArguments
 * @property {'quick' | 'default' | 'full'} set
 * @property {import('../scenarios/scenario.mjs').Scenario[]} scenarios
 * @property {string[]} targets
 * @property {number} rounds
 * @property {boolean} installPeers
 * @property {boolean} isList
 */

const TARGETS = ['direct', 'floor', 'nginx', 'portkey', 'spillway'];
const ROUNDS = { quick: 2, default: 3, full: 5 };

/** In a hurry the floor is left out where nginx, the better measure, is there. @param {BenchArguments['set']} set */
function defaultTargets(set) {
  return set === 'quick' && existsSync(NGINX_BINARY)
    ? TARGETS.filter((name) => name !== 'floor')
    : TARGETS;
}

/** @param {string | undefined} text @param {{ known: string[], preset: string[] }} lists @param {string} option */
function chosen(text, { known, preset }, option) {
  if (text === undefined) return preset;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`${option}: unknown ${unknown.join(', ')}; known: ${known.join(', ')}`);
  return names;
}

/** @param {string[]} words @returns {BenchArguments} @throws {Error} that says which option is wrong */
export function benchArguments(words) {
  const { values } = parseArgs({
    args: words,
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      targets: { type: 'string' },
      rounds: { type: 'string' },
      'install-peers': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error('');
  const set = values.quick ? 'quick' : values.full ? 'full' : 'default';
  const rounds = Number(values.rounds ?? ROUNDS[set]);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50)
    throw new Error('--rounds: a whole number from 1 to 50');
  const known = catalogue.map(({ id }) => id);
  const ids = chosen(values.only, { known, preset: known }, '--only');
  const isChosen = (/** @type {import('../scenarios/scenario.mjs').Scenario} */ { id, sets }) =>
    values.only === undefined ? sets.includes(set) : ids.includes(id);
  return {
    set,
    scenarios: catalogue
      .filter(isChosen)
      .map((scenario) => (set === 'quick' ? { ...scenario, ...scenario.quick } : scenario)),
    targets: chosen(values.targets, { known: TARGETS, preset: defaultTargets(set) }, '--targets'),
    rounds,
    installPeers: values['install-peers'] ?? false,
    isList: values.list ?? false,
  };
}
