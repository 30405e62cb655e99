import { useState } from 'react';
import { useDataProvider, useNotify, useRefresh } from 'react-admin';
import { messageOf } from '../../providers/apiError.js';
import type { SpillwayDataProvider } from '../../providers/dataProvider.js';
import type { LocalModel } from '../LocalModel.js';

interface CommandRun {
  /** The command that is under way, or null. */
  readonly running: string | null;
  readonly run: (model: LocalModel, command: string) => void;
}

/** Sends a command for a model and shows what came of it. */
export function useModelCommand(onDone: () => void = () => undefined): CommandRun {
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const notify = useNotify();
  const refresh = useRefresh();
  const [running, setRunning] = useState<string | null>(null);
  const run = (model: LocalModel, command: string) => {
    setRunning(command);
    dataProvider
      .runAction<LocalModel>('local-models', model.id, command)
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }))
      .finally(() => {
        setRunning(null);
        refresh();
        onDone();
      });
  };
  return { running, run };
}
