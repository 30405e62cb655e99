/** @typedef {{ median: number, minimum: number, maximum: number, count: number }} Spread */

/** @param {(number | null | undefined)[]} values @returns {Spread | null} null when there is nothing to tell */
export function spreadOf(values) {
  const known = values
    .filter((value) => typeof value === 'number' && Number.isFinite(value))
    .map(Number);
  known.sort((a, b) => a - b);
  const { length } = known;
  if (length === 0) return null;
  const upper = known[length >> 1] ?? 0;
  const median = length % 2 === 1 ? upper : ((known[(length >> 1) - 1] ?? 0) + upper) / 2;
  return { median, minimum: known[0] ?? 0, maximum: known[length - 1] ?? 0, count: length };
}

/**
 * Ratios are taken inside a round and only then summed up: the machine's mood of that minute is in both values.
 *
 * @param {import('./sample.mjs').Sample[]} samples of one scenario
 * @param {{ over: string, under: string, value: (sample: import('./sample.mjs').Sample, direct: import('./sample.mjs').Sample | undefined) => number | null }} wanted
 */
export function ratioSpread(samples, { over, under, value }) {
  const find = (/** @type {string} */ label, /** @type {number} */ round) =>
    samples.find((sample) => sample.label === label && sample.round === round);
  const ratios = samples
    .filter((sample) => sample.label === over)
    .map((sample) => {
      const other = find(under, sample.round);
      const direct = find('direct', sample.round);
      if (other === undefined) return null;
      const top = value(sample, direct);
      const bottom = value(other, direct);
      return top === null || bottom === null || bottom <= 0 ? null : top / bottom;
    });
  return spreadOf(ratios);
}

/** @param {Spread | null} spread @param {number} [digits] */
export function spreadText(spread, digits = 2) {
  if (spread === null) return '-';
  const { median, minimum, maximum, count } = spread;
  const text = median.toFixed(digits);
  return count === 1 ? text : `${text} (${minimum.toFixed(digits)}-${maximum.toFixed(digits)})`;
}
