import { SelectInput, useRecordContext } from 'react-admin';
import { formatDuration } from '../format/formatDuration.js';
import type { LocalModel } from './LocalModel.js';

const minuteMs = 60_000;
const offeredMs = [1, 5, 15, 60, 240].map((minutes) => minutes * minuteMs);

/** A select cannot hold null, and "never" has to be told from "not chosen". */
const never = 'never';

/** After how long without a request the engine stops; `null` in the record means never. */
export const IdleStopInput = () => {
  const current = useRecordContext<LocalModel>()?.idleStopMs;
  const isOffered = current === null || current === undefined || offeredMs.includes(current);
  const choices = [...offeredMs, ...(isOffered ? [] : [current])].toSorted((a, b) => a - b);
  return (
    <SelectInput
      source="idleStopMs"
      label="Stop when idle for"
      choices={[
        ...choices.map((ms) => ({ id: ms, name: formatDuration(ms) })),
        { id: never, name: 'never: keep it loaded' },
      ]}
      defaultValue={5 * minuteMs}
      format={(ms: number | null | undefined) => (ms === null ? never : (ms ?? ''))}
      parse={(chosen: unknown) => (chosen === never ? null : chosen)}
      helperText="Frees the memory; the next request starts it again"
    />
  );
};
