/**
 * Nanoseconds of CLOCK_MONOTONIC, which on Linux is one clock for all processes: a send time written by the mock
 * can be subtracted from a receive time of the load generator.
 *
 * @returns {number}
 */
export function monotonicNs() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}

/** Digits of a send time inside a chunk; fixed, so that every frame of a stream has the same length. */
export const SEND_TIME_DIGITS = 18;

/** @param {number} timeNs @returns {string} e.g. `~000123456789012345~` */
export function sendTimeMark(timeNs) {
  return `~${timeNs.toString().padStart(SEND_TIME_DIGITS, '0')}~`;
}
