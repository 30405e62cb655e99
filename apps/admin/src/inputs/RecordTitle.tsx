import { useRecordContext } from 'react-admin';

/** `Route coder`, and the bare noun while the record is on its way. */
export const RecordTitle = ({ noun }: { readonly noun: string }) => {
  const record = useRecordContext<{ readonly id: string; readonly name?: string }>();
  return <span>{record?.name === undefined ? noun : `${noun} ${record.name}`}</span>;
};
