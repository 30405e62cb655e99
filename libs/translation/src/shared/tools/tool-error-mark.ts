/** Stands in front of a failed tool's output where the protocol has no flag for it. */
export const toolErrorMark = '[tool_error] ';
