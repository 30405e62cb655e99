import { useCallback, useEffect, useState } from 'react';
import { useDataProvider } from 'react-admin';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { appendEntries } from './appendEntries.js';
import { followLog } from './followLog.js';
import type { LogEntry } from './Instance.js';
import { isGap } from './isGap.js';

interface InstanceLog {
  readonly entries: readonly LogEntry[];
  readonly isLive: boolean;
  /** Fetches the lines before those shown; null when there are none. */
  readonly loadEarlier: (() => Promise<void>) | null;
}

const pageSize = 500;

/** The log of an instance: live while it runs, as it was kept when it has ended. For one instance only. */
export function useInstanceLog(instanceId: string): InstanceLog {
  const provider = useDataProvider<SpillwayDataProvider>();
  const [entries, setEntries] = useState<readonly LogEntry[]>([]);
  const [earlier, setEarlier] = useState<readonly LogEntry[]>([]);
  const [isLive, setIsLive] = useState(false);

  useEffect(
    () =>
      followLog(instanceId, {
        open: (url) => new EventSource(url),
        onEntries: (incoming) => setEntries((shown) => appendEntries(shown, incoming)),
        onLive: setIsLive,
      }),
    [instanceId],
  );

  // lines that scrolled out of the live part leave a hole below the earlier ones, so those go as well
  const joined = isJoined(earlier, entries) ? [...earlier, ...entries] : entries;
  const first = joined[0];
  const before = first === undefined || isGap(first) || first.seq <= 1 ? null : first.seq;
  const loadEarlier = useCallback(async () => {
    if (before === null) return;
    const { lines, firstSeq } = await provider.instanceLog(instanceId, { before, limit: pageSize });
    const gone = firstSeq - 1;
    const isAll = lines.length < pageSize && gone > 0;
    const top: LogEntry[] = isAll ? [{ seq: gone, missed: gone }] : [];
    setEarlier((shown) => [...top, ...lines, ...(isJoined(shown, entries) ? shown : [])]);
  }, [provider, instanceId, before, entries]);

  return { entries: joined, isLive, loadEarlier: before === null ? null : loadEarlier };
}

/** Does the second list go on where the first one ends? */
function isJoined(first: readonly LogEntry[], second: readonly LogEntry[]): boolean {
  const end = first.at(-1);
  const start = second[0];
  return end !== undefined && start !== undefined && end.seq + 1 === start.seq;
}
