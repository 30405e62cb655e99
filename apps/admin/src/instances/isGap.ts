import type { LogEntry, LogGap } from './Instance.js';

export function isGap(entry: LogEntry): entry is LogGap {
  return 'missed' in entry;
}
