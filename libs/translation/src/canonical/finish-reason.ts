/**
 * Why an answer ended, one closed set for all protocols.
 * `stop`: the model was done. `stop-sequence`: one of the caller's stop strings. `length`: a token limit.
 * `tool-calls`: the caller must run tools. `content-filter`: refused. `pause`: a hosted turn to be resumed.
 */
export type FinishReason =
  'stop' | 'stop-sequence' | 'length' | 'tool-calls' | 'content-filter' | 'pause';
