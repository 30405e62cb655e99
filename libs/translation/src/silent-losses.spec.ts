import { expect, it } from 'vitest';
import { translationTarget } from '../../../test/support/translation-target.js';
import { protocols, type ProtocolId } from './index.js';

const signed = {
  contents: [
    { role: 'user', parts: [{ text: 'hi' }] },
    {
      role: 'model',
      parts: [
        { text: 'so', thoughtSignature: 'c2ln' },
        { functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' },
      ],
    },
    { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: '1' } } }] },
  ],
};
/** Each was once lost without a word, as recorded requests have shown. */
it.each<readonly [path: string, caller: ProtocolId, target: ProtocolId, body: object]>([
  ['contents[1].parts[0]', 'gemini-generate', 'openai-chat', signed],
  ['contents[1].parts[1]', 'gemini-generate', 'openai-chat', signed],
  ['contents[1].parts[0]', 'gemini-generate', 'anthropic-messages', signed],
  ['contents[1].parts[1]', 'gemini-generate', 'anthropic-messages', signed],
])('%s of %s is warned of where %s cannot carry it', (path, caller, target, body) => {
  const request = protocols[caller].decodeRequest(JSON.stringify(body), {
    model: 'm',
    stream: false,
  });
  const { warnings } = protocols[target].encodeRequest(request, translationTarget(target));
  const isNamed = warnings.some(
    (warning) => warning.code === 'dropped' && path.startsWith(warning.path),
  );
  expect(isNamed).toBe(true);
});

it('a schema that a target closes is warned of', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const body = {
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema } },
  };
  const { warnings } = protocols['anthropic-messages'].encodeRequest(
    protocols['openai-chat'].decodeRequest(JSON.stringify(body)),
    translationTarget('anthropic-messages'),
  );
  expect(warnings).toContainEqual(
    expect.objectContaining({ code: 'clamped', path: 'response_format.json_schema' }),
  );
});
