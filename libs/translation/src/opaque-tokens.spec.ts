import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../test/support/translation-target.js';
import type { CanonicalResponse, OpaqueToken, ProtocolId, ResponsePart } from './index.js';
import { opaqueEnvelopeMark, protocols, unknownUsage } from './index.js';
import { responseEvents } from './shared/reply/response-events.js';

const context = { requestId: 'r', model: 'm', createdAtSeconds: 0, includeUsage: true };

function answerOf(parts: readonly ResponsePart[]): CanonicalResponse {
  const hasCall = parts.some(({ type }) => type === 'tool-call');
  return {
    id: null,
    model: null,
    createdAtSeconds: null,
    parts,
    finishReason: hasCall ? 'tool-calls' : 'stop',
    finishDetail: null,
    usage: unknownUsage,
  };
}

/** What a client sends next: the answer as it is, behind a question. */
const nextRequests: Partial<Record<ProtocolId, (answer: string) => object>> = {
  'openai-chat': (answer) => {
    const { choices } = JSON.parse(answer) as { choices: { message: object }[] };
    return {
      model: 'm',
      messages: [
        { role: 'user', content: 'hi' },
        choices[0]?.message,
        { role: 'user', content: 'on' },
      ],
    };
  },
  'anthropic-messages': (answer) => {
    const { content } = JSON.parse(answer) as { content: object[] };
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content },
      { role: 'user', content: 'on' },
    ];
    return { model: 'm', max_tokens: 9, messages };
  },
  'openai-responses': (answer) => {
    const { output } = JSON.parse(answer) as { output: object[] };
    const user = { role: 'user', content: 'hi' };
    return { model: 'm', input: [user, ...output, user] };
  },
  'gemini-generate': (answer) => {
    const { candidates } = JSON.parse(answer) as { candidates: { content: object }[] };
    const user = { role: 'user', parts: [{ text: 'hi' }] };
    return { model: 'm', contents: [user, candidates[0]?.content, user] };
  },
};

const clients = Object.keys(nextRequests) as ProtocolId[];
const tokens: OpaqueToken[] = [
  { origin: 'anthropic-messages', kind: 'signature', data: 'SIG', family: 'claude' },
  { origin: 'anthropic-messages', kind: 'redacted', data: 'RED', family: 'claude' },
  { origin: 'gemini-generate', kind: 'signature', data: 'GEM', family: 'gemini' },
];

/** The parts that a client's next request holds, whose last answer had these parts. */
function returned(client: ProtocolId, parts: readonly ResponsePart[]) {
  const answer = protocols[client].encodeResponse(answerOf(parts), context);
  const request = nextRequests[client]?.(answer) ?? {};
  return protocols[client]
    .decodeRequest(JSON.stringify(request))
    .turns.filter(({ role }) => role === 'assistant')
    .flatMap((turn) => turn.parts);
}

describe.each(clients)('a token that a client of %s hands back', (client) => {
  const foreign = tokens.filter(({ origin }) => origin !== client);
  for (const token of foreign) {
    it(`is the one of reasoning with a text and without: ${token.kind}`, () => {
      for (const text of token.kind === 'signature' ? ['hm', ''] : ['']) {
        expect(returned(client, [{ type: 'reasoning', text, opaque: token }])[0]).toMatchObject({
          type: 'reasoning',
          text,
          opaque: token,
        });
      }
    });
  }

  for (const token of foreign.filter(({ kind }) => kind === 'signature')) {
    it(`belongs to the text or the call that it came with: ${token.origin}`, () => {
      const parts = returned(client, [
        { type: 'text', text: 'so', citations: [], opaque: token },
        { type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{}', opaque: token },
        { type: 'tool-call', id: 'c2', name: 'g', argumentsText: '{}' },
      ]);
      expect(parts).toMatchObject([
        { type: 'text', text: 'so', opaque: token },
        { type: 'tool-call', id: 'c1', opaque: token },
        { type: 'tool-call', id: 'c2' },
      ]);
      expect(parts[2]).not.toHaveProperty('opaque');
    });
  }

  it('is the same when the answer was streamed', () => {
    const token: OpaqueToken = { ...tokens[0], origin: 'elsewhere' } as unknown as OpaqueToken;
    const answer = answerOf([
      { type: 'reasoning', text: 'hm', opaque: token },
      { type: 'text', text: 'so', citations: [], opaque: token },
      { type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{}', opaque: token },
    ]);
    const encoder = protocols[client].createStreamEncoder(context);
    const stream = responseEvents(answer)
      .map((event) => encoder.push(event))
      .join('');
    const slots = stream.match(new RegExp(`"${opaqueEnvelopeMark}[\\w-]+"`, 'g')) ?? [];
    // Responses say everything again at the end
    expect(client === 'openai-responses' ? new Set(slots).size : slots.length).toBe(3);
  });

  it('goes back to its own provider and to no other family of models', () => {
    const token: OpaqueToken = tokens[0] as OpaqueToken;
    const answer = protocols[client].encodeResponse(
      answerOf([{ type: 'reasoning', text: 'hm', opaque: token }]),
      context,
    );
    const request = JSON.stringify(nextRequests[client]?.(answer));
    const send = (model: string) =>
      protocols['anthropic-messages'].encodeRequest(
        protocols[client].decodeRequest(request),
        translationTarget('anthropic-messages', { model }),
      );
    expect(send('claude-opus-9').body).toContain('"signature":"SIG"');
    // a raw signature does not say who made it
    if (client === 'anthropic-messages') return;
    const other = send('kimi-k2');
    expect(other.body).not.toContain('SIG');
    expect(other.warnings.some(({ code }) => code === 'dropped')).toBe(true);
  });
});
