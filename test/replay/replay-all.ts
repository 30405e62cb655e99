import { readRecordings, recordingsFolder } from './recordings.js';
import { replay } from './replay.js';

/**
 * Replays the exchanges whose id holds `part` and prints the table.
 * @returns the exit code: 1 for failures, 2 for a lack of recordings
 */
export function replayAll(part: string, print: (text: string) => void): number {
  const folder = recordingsFolder();
  if (folder === null) {
    print('There are no recordings: set SPILLWAY_RECORDINGS to their folder.\n');
    return 2;
  }
  const exchanges = readRecordings(folder).filter(({ id }) => id.includes(part));
  const started = performance.now();
  const report = replay(exchanges);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(report.toText());
  print(`\n${exchanges.length} exchanges, ${report.uses} uses, ${seconds} s\n`);
  return report.failures.length === 0 ? 0 : 1;
}
