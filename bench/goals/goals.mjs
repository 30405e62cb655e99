import { ratioSpread, spreadOf, spreadText } from '../harness/statistics.mjs';

/**
 * The product's performance goals: ratios to peers measured in the same run, on the CPU first (steady on a shared
 * machine), on time second.
 *
 * @typedef {import('../harness/sample.mjs').Sample} Sample
 * @typedef {import('../harness/shared-processes.mjs').ScenarioResult} ScenarioResult
 * @typedef {import('../harness/statistics.mjs').Spread} Spread
 *
 * @typedef {object} Check
 * @property {string} text
 * @property {string} measured
 * @property {string} limit
 * @property {boolean | null} isMet null = could not be measured
 * @property {boolean} [isGuard] must hold too, but shows nothing by itself
 *
 * @typedef {{ id: string, title: string, verdict: string, checks: Check[] }} GoalReport
 *
 * @typedef {'cpuUs' | 'requestsPerSecond' | 'smallP99Us' | 'p50Us' | 'p99Us' | 'deliveryP50Us' | 'streamKiB' | 'rssMiB' | 'firstOkMs' | 'idleMiB' | 'firstByteP50Us'} Field
 */

/** Reads one scenario's samples of the gateway under judgement. */
export class Evidence {
  /** @param {ScenarioResult | undefined} result @param {string} candidate */
  constructor(result, candidate) {
    this.samples = result?.samples ?? [];
    this.candidate = candidate;
  }

  /** @param {string} text @param {Spread | null} spread @param {{ most?: number, least?: number, pick?: 'median' | 'maximum', unit?: string, digits?: number }} bound @returns {Check} */
  check(text, spread, bound) {
    const { most, least, pick = 'median', unit = '', digits = 2 } = bound;
    const value = spread?.[pick];
    const limit =
      most === undefined ? `>= ${least}${unit}` : `<= ${Number(most.toFixed(3))}${unit}`;
    const isMet =
      value === undefined ? null : most === undefined ? value >= (least ?? 0) : value <= most;
    return {
      text,
      measured: spread === null ? '-' : `${spreadText(spread, digits)}${unit}`,
      limit,
      isMet,
    };
  }

  /** @param {Field} field @param {string} peer @param {string} [over] */
  ratio(field, peer, over = this.candidate) {
    return ratioSpread(this.samples, {
      over,
      under: peer,
      value: (sample) => sample[field] ?? null,
    });
  }

  /** Ratio of what a gateway adds over the direct way. @param {Field} field @param {string} peer */
  addedRatio(field, peer) {
    const value = (/** @type {Sample} */ sample, /** @type {Sample | undefined} */ direct) => {
      const own = sample[field];
      const base = direct?.[field];
      return own === null || own === undefined || base === null || base === undefined
        ? null
        : own - base;
    };
    return ratioSpread(this.samples, { over: this.candidate, under: peer, value });
  }

  /**
   * The CPU of one contender, less that of another if one is named, as it would be on the machine where the goals were set.
   *
   * @param {string} over @param {import('../translation/yardstick.mjs').Yardstick} yardstick @param {string} [under]
   */
  scaledCpuUs(over, { referenceUs }, under) {
    const at = (/** @type {string} */ label, /** @type {number} */ wanted) => {
      const found = this.samples.find(({ label: own, round }) => own === label && round === wanted);
      if (typeof found?.cpuUs !== 'number' || typeof found.yardstickUs !== 'number') return null;
      return (found.cpuUs * referenceUs) / found.yardstickUs;
    };
    const rounds = this.samples.filter(({ label }) => label === over).map(({ round }) => round);
    return spreadOf(
      rounds.map((round) => {
        const most = at(over, round);
        const least = under === undefined ? 0 : at(under, round);
        return most === null || least === null ? null : most - least;
      }),
    );
  }

  /** @param {Field} field */
  added(field) {
    return spreadOf(
      this.own().map((sample) => {
        const base = this.samples.find(
          ({ label, round }) => label === 'direct' && round === sample.round,
        )?.[field];
        return base === null || base === undefined ? null : (sample[field] ?? 0) - base;
      }),
    );
  }

  own() {
    return this.samples.filter(({ label }) => label === this.candidate);
  }

  /** @param {(sample: Sample) => number | null | undefined} value */
  value(value) {
    return spreadOf(this.own().map(value));
  }

  /** @returns {Check} */
  noErrors() {
    const bad = this.samples
      .filter(({ label }) => label.startsWith(this.candidate))
      .reduce((sum, { errors }) => sum + errors, 0);
    const isMet = this.samples.some(({ label }) => label.startsWith(this.candidate))
      ? bad === 0
      : null;
    return {
      text: 'bad, cut or lost answers',
      measured: String(bad),
      limit: '0',
      isMet,
      isGuard: true,
    };
  }
}

/** @param {string} id @param {string} title @param {Check[]} checks @param {boolean} isAuditComplete @returns {GoalReport} */
export function judged(id, title, checks, isAuditComplete) {
  const known = checks.filter(({ isMet }) => isMet !== null);
  let verdict = 'reached';
  if (known.every(({ isGuard }) => isGuard === true)) verdict = 'not measured';
  else if (known.some(({ isMet }) => isMet === false)) verdict = 'NOT reached';
  else if (!isAuditComplete) verdict = 'does not count: the audit is not complete';
  else if (known.length < checks.length) verdict = 'reached as far as measured';
  return { id, title, verdict, checks };
}
