import type { ToolCallPart, ToolResultPart } from '../../canonical/content.js';
import type { CanonicalRequest, Turn } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { WireProtocolId } from '../../protocol.js';

/** Where a result names the call it answers. */
const idFields: Partial<Record<WireProtocolId, string>> = {
  'openai-chat': 'tool_call_id',
  'anthropic-messages': 'tool_use_id',
  'gemini-generate': 'functionResponse.id',
};

/** The results of one turn's calls, in the order of the calls. */
export interface AnsweredCall {
  readonly call: ToolCallPart;
  readonly result: ToolResultPart;
}

/**
 * Gemini wants as many results as there were calls, in their order, right behind them.
 * @param turns neighbours of one role already joined
 * @returns by index of the turn that holds the results
 * @throws GatewayError `invalid_request` for a call without a result, and for a result without a call
 */
export function pairToolResults(
  turns: readonly Turn[],
  { protocol }: CanonicalRequest,
): ReadonlyMap<number, readonly AnsweredCall[]> {
  const answered = new Map<number, AnsweredCall[]>();
  for (const [index, turn] of turns.entries()) {
    const results = turn.parts.filter((part) => part.type === 'tool-result');
    const before = turns[index - 1];
    const calls = before === undefined ? [] : callsOf(before);
    for (const { callId, path } of results) {
      if (calls.some((call) => call.id === callId)) continue;
      throw unpaired(
        `${path}.${idFields[protocol] ?? 'id'}`,
        `names no tool call of the turn before`,
      );
    }
    if (calls.length > 0)
      answered.set(
        index,
        calls.map((call) => answerOf(call, results)),
      );
  }
  return answered;
}

function callsOf(turn: Turn): ToolCallPart[] {
  return turn.parts.filter((part) => part.type === 'tool-call');
}

function answerOf(call: ToolCallPart, results: readonly ToolResultPart[]): AnsweredCall {
  const result = results.find(({ callId }) => callId === call.id);
  if (result !== undefined) return { call, result };
  throw unpaired(call.path, `calls the tool "${call.name}", but no result with its id follows`);
}

function unpaired(path: string, problem: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `\`${path}\` ${problem}: send one result for each call, in the turn behind it.`,
    { path },
  );
}
