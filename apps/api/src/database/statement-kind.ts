const returnsRows = /^\s*(select|with|pragma|explain|values)\b|\breturning\b/i;
const onlyReads = /^\s*(select|values|explain)\b/i;
const withClause = /^\s*with\b/i;
const writes = /\b(insert|update|delete|replace)\b/i;

/** Will SQLite answer this statement with rows? */
export function isRowStatement(sql: string): boolean {
  return returnsRows.test(sql);
}

/** Can this statement go to the connection that only reads? In doubt the answer is no. */
export function isReadStatement(sql: string): boolean {
  return onlyReads.test(sql) || (withClause.test(sql) && !writes.test(sql));
}
