import { useFieldValue, type FieldProps } from 'react-admin';
import { formatDuration } from '../format/formatDuration.js';

/** A duration in milliseconds of the record at hand. */
export const LatencyField = (props: Pick<FieldProps, 'source'>) => {
  const ms: number | null = useFieldValue(props) ?? null;
  return (
    <span title={ms === null ? 'unknown' : `${ms} ms`} style={{ whiteSpace: 'nowrap' }}>
      {formatDuration(ms)}
    </span>
  );
};
