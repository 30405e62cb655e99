import { useFieldValue, type FieldProps } from 'react-admin';
import { formatTokens } from '../format/formatTokens.js';

/** A token count of the record at hand; the tooltip has the whole figure. */
export const TokensField = (props: Pick<FieldProps, 'source'>) => {
  const tokens: number | null = useFieldValue(props) ?? null;
  const title = tokens === null ? 'unknown' : `${tokens.toLocaleString('en-US')} tokens`;
  return <span title={title}>{formatTokens(tokens)}</span>;
};
