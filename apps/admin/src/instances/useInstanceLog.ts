import { useEffect, useState } from 'react';
import { useDataProvider } from 'react-admin';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { appendLines } from './appendLines.js';
import type { LogLine } from './Instance.js';

interface InstanceLog {
  readonly lines: readonly LogLine[];
  /** Is the live stream open? Always false for a process that has ended. */
  readonly isLive: boolean;
}

/** A model that loads prints hundreds of lines at once; the page is drawn a few times a second. */
const drawEveryMs = 150;

/** The log of an instance: live while it runs, read once when it has ended. */
export function useInstanceLog(instanceId: string, hasEnded: boolean): InstanceLog {
  const provider = useDataProvider<SpillwayDataProvider>();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [isLive, setIsLive] = useState(false);

  useEffect(() => {
    let isStale = false;
    if (hasEnded) {
      provider.instanceLog(instanceId).then(
        (log) => {
          if (!isStale) setLines((shown) => appendLines(shown, log.lines));
        },
        // the lines that came live stay; the exit record has the last ones in any case
        () => undefined,
      );
      return () => {
        isStale = true;
      };
    }
    return followLog(
      instanceId,
      (incoming) => setLines((shown) => appendLines(shown, incoming)),
      setIsLive,
    );
  }, [instanceId, hasEnded, provider]);

  return { lines, isLive: isLive && !hasEnded };
}

/** Opens the stream; the browser itself reconnects and resumes by `Last-Event-ID`. @returns how to close it */
function followLog(
  instanceId: string,
  onLines: (lines: readonly LogLine[]) => void,
  onLive: (isLive: boolean) => void,
): () => void {
  let waiting: LogLine[] = [];
  const source = new EventSource(`/api/instances/${encodeURIComponent(instanceId)}/logs/stream`);
  source.onopen = () => onLive(true);
  source.onerror = () => onLive(false);
  source.onmessage = (event: MessageEvent<string>) => waiting.push(JSON.parse(event.data));
  const timer = window.setInterval(() => {
    if (waiting.length === 0) return;
    onLines(waiting);
    waiting = [];
  }, drawEveryMs);
  return () => {
    source.close();
    window.clearInterval(timer);
  };
}
