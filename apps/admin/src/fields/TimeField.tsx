import { useFieldValue, type FieldProps } from 'react-admin';
import { formatFullTime, formatTime } from '../format/formatTime.js';
import { useNow } from './useNow.js';

interface TimeFieldProps extends Pick<FieldProps, 'source'> {
  /** Shown for null, such as "never". */
  readonly emptyText?: string;
}

/** A moment of the record at hand, stored as epoch milliseconds. */
export const TimeField = ({ emptyText = '–', ...props }: TimeFieldProps) => {
  const atMs: number | null = useFieldValue(props) ?? null;
  const now = useNow();
  if (atMs === null) return <>{emptyText}</>;
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={formatFullTime(atMs)}
      style={{ whiteSpace: 'nowrap' }}
    >
      {formatTime(atMs, now)}
    </time>
  );
};
