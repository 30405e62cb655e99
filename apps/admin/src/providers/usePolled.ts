import { useCallback, useEffect, useState } from 'react';
import { useDataProvider } from 'react-admin';
import { messageOf } from './apiError.js';
import type { SpillwayDataProvider } from './dataProvider.js';

interface Polled<Value> {
  /** The newest answer; the last good one stays while the gateway does not answer. */
  readonly value: Value | null;
  /** Why the newest call failed, null after a good one. */
  readonly fault: string | null;
  readonly reload: () => void;
}

/**
 * Calls `load` now and then every `intervalMs` while the page is visible; null asks once.
 * `load` must keep its identity between renders (`useCallback` or a module function).
 */
export function usePolled<Value>(
  load: (provider: SpillwayDataProvider) => Promise<Value>,
  intervalMs: number | null,
): Polled<Value> {
  const provider = useDataProvider<SpillwayDataProvider>();
  const [value, setValue] = useState<Value | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((previous) => previous + 1), []);

  useEffect(() => {
    let isStale = false;
    let timer: number | undefined;
    const next = () => {
      if (isStale || intervalMs === null) return;
      timer = window.setTimeout(document.hidden ? next : ask, intervalMs);
    };
    const ask = () => {
      load(provider)
        .then((answer) => {
          if (isStale) return;
          setValue(answer);
          setFault(null);
        })
        .catch((error: unknown) => {
          if (!isStale) setFault(messageOf(error));
        })
        .finally(next);
    };
    ask();
    return () => {
      isStale = true;
      window.clearTimeout(timer);
    };
  }, [load, provider, intervalMs, round]);

  return { value, fault, reload };
}
