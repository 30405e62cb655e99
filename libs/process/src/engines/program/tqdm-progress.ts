/** Progress from 0 to 1 in a line of the Python world's usual bar (`Loading shards:  50%|███   | 2/4`), else null. */
export function tqdmProgress(line: string): number | null {
  const percent = /(?:^|\s)(\d{1,3})%(?:\||\s+Completed)/.exec(line)?.[1];
  if (percent === undefined || Number(percent) > 100) return null;
  return Number(percent) / 100;
}
