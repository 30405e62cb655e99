import { describe, expect, it } from 'vitest';
import { translationTarget } from '../../../../test/support/translation-target.js';
import {
  GatewayError,
  protocols,
  type CanonicalRequest,
  type ProtocolId,
  type Warning,
} from '../index.js';

type Json = Record<string, unknown>;

const gemini = protocols['gemini-generate'];
const address = { model: 'gemini-alias', stream: true };
const hi = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };

function decode(fields: object): CanonicalRequest {
  return gemini.decodeRequest(JSON.stringify({ ...hi, ...fields }), address);
}

function translate(
  to: ProtocolId,
  fields: object,
): { readonly body: Json; readonly warnings: readonly Warning[] } {
  const encoded = protocols[to].encodeRequest(decode(fields), translationTarget(to));
  return { body: JSON.parse(encoded.body) as Json, warnings: encoded.warnings };
}

function faultOf(act: () => unknown): GatewayError {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('nothing was refused');
}

describe('a request of a Gemini client', () => {
  it('has model and streaming from the URL', () => {
    expect(decode({})).toMatchObject({ model: 'gemini-alias', isStream: true });
    const withoutUrl = JSON.stringify({ ...hi, model: 'models/x' });
    expect(gemini.decodeRequest(withoutUrl)).toMatchObject({ model: 'models/x', isStream: false });
  });

  it('may be spelt in snake case, with lone objects for lists of one', () => {
    const lenient = decode({
      contents: { parts: { text: 'hi' } },
      system_instruction: { parts: { text: 'Be brief.' } },
      tools: { function_declarations: { name: 'f', parameters_json_schema: { type: 'object' } } },
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
      generation_config: {
        max_output_tokens: 5,
        top_p: 0.5,
        stop_sequences: ['x'],
        thinking_config: { thinking_budget: -1, include_thoughts: true },
        response_mime_type: 'application/json',
      },
    });
    expect(lenient).toMatchObject({
      instructions: [{ text: 'Be brief.' }],
      turns: [{ role: 'user', parts: [{ text: 'hi' }] }],
      tools: [{ name: 'f', parameters: { json: '{"type":"object"}' } }],
      toolChoice: { mode: 'named', name: 'f' },
      maxOutputTokens: 5,
      sampling: { topP: 0.5 },
      stopSequences: ['x'],
      reasoning: { mode: 'adaptive', display: 'summary' },
      outputFormat: { type: 'json-object', path: 'generation_config.response_mime_type' },
      leftovers: [],
    });
  });

  it('with a wrong kind in a list is told so', () => {
    expect(decode({ generationConfig: { stopSequences: 'x' } }).stopSequences).toEqual(['x']);
    expect(faultOf(() => decode({ tools: ['x'] }))).toMatchObject({ path: 'tools[0]' });
    expect(faultOf(() => decode({ tools: 'x' })).message).toContain('must be a tool object');
  });

  it('names the fault at its path, as the caller spelt it', () => {
    const cases: readonly [object, string][] = [
      [{ contents: [] }, 'contents'],
      [{ contents: [{ role: 'system', parts: [] }] }, 'contents[0].role'],
      [{ contents: [{ parts: [{}] }] }, 'contents[0].parts[0]'],
      [
        { contents: [{ parts: [{ function_call: {} }] }] },
        'contents[0].parts[0].function_call.name',
      ],
      [{ generation_config: { top_k: 'x' } }, 'generation_config.top_k'],
      [
        { toolConfig: { functionCallingConfig: { mode: 'SOME' } } },
        'toolConfig.functionCallingConfig.mode',
      ],
      [
        { toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
        'toolConfig.functionCallingConfig.mode',
      ],
      [
        { systemInstruction: { parts: [{ inlineData: { mimeType: 'image/png', data: '' } }] } },
        'systemInstruction.parts[0]',
      ],
    ];
    for (const [fields, path] of cases)
      expect(faultOf(() => decode(fields))).toMatchObject({ code: 'invalid_request', path });
  });

  it('edge 21: has fresh ids for calls without one, and results matched by name and order', () => {
    const call = (name: string): object => ({ functionCall: { name, args: { name } } });
    const result = (name: string, output: string): object => ({
      functionResponse: { name, response: { output } },
    });
    const { body } = translate('openai-chat', {
      contents: [
        { role: 'model', parts: [call('f'), call('g'), call('f')] },
        { role: 'function', parts: [result('f', '1'), result('f', '3'), result('g', '2')] },
        { role: 'model', parts: [call('f')] },
        { role: 'user', parts: [result('f', '4'), { text: 'and?' }] },
      ],
    });
    const messages = body['messages'] as Json[];
    const ids = messages.flatMap((message) =>
      ((message['tool_calls'] ?? []) as Json[]).map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(4);
    const answers = messages.filter(({ role }) => role === 'tool');
    expect(answers.map((message) => [message['tool_call_id'], message['content']])).toEqual([
      [ids[0], '1'],
      [ids[2], '3'],
      [ids[1], '2'],
      [ids[3], '4'],
    ]);
    expect(decode({ contents: [{ role: 'model', parts: [call('f')] }] })).toEqual(
      decode({ contents: [{ role: 'model', parts: [call('f')] }] }),
    );
  });

  it('edge 22: with a result that answers no call is a 400 with the path', () => {
    const functionResponse = { name: 'f', response: {} };
    expect(faultOf(() => decode({ contents: [{ parts: [{ functionResponse }] }] }))).toMatchObject({
      code: 'invalid_request',
      path: 'contents[0].parts[0].functionResponse',
    });
  });

  it('has results as text: the output, the error, or the whole object', () => {
    const turn = (response: unknown): object => ({
      contents: [
        { role: 'model', parts: [{ functionCall: { id: 'a', name: 'f' } }] },
        { role: 'user', parts: [{ functionResponse: { id: 'a', name: 'f', response } }] },
      ],
    });
    const outcome = (response: unknown): unknown[] => {
      const part = decode(turn(response)).turns[1]?.parts[0];
      if (part?.type !== 'tool-result') throw new Error('no result');
      return [part.parts.map((item) => item.type === 'text' && item.text).join(), part.isError];
    };
    expect(outcome({ output: 'ok' })).toEqual(['ok', false]);
    expect(outcome({ output: { n: 1 } })).toEqual(['{"n":1}', false]);
    expect(outcome({ error: 'bad' })).toEqual(['bad', true]);
    expect(outcome({ name: 'f', content: 'ok' })).toEqual(['ok', false]);
    expect(outcome({ name: 'g', content: 'ok' })).toEqual(['{"name":"g","content":"ok"}', false]);
    expect(outcome({ result: 1, more: [2] })).toEqual(['{"result":1,"more":[2]}', false]);
    expect(outcome(undefined)).toEqual(['', false]);
  });

  it('has its signatures with the parts they came with', () => {
    const opaque = { origin: 'gemini-generate', kind: 'signature', data: 'sig' };
    const { turns } = decode({
      contents: [
        {
          role: 'model',
          parts: [
            { text: 'hm', thought: true, thoughtSignature: 'sig' },
            { text: '', thoughtSignature: 'sig' },
            { functionCall: { name: 'f' }, thoughtSignature: 'sig' },
            { functionCall: { name: 'f' }, thoughtSignature: 'skip_thought_signature_validator' },
          ],
        },
      ],
    });
    expect(turns[0]?.parts).toMatchObject([
      { type: 'reasoning', text: 'hm', opaque },
      { type: 'text', text: '', opaque },
      { type: 'tool-call', opaque },
      { type: 'tool-call' },
    ]);
    expect(turns[0]?.parts[3]).not.toHaveProperty('opaque');
  });

  it('has media of every kind', () => {
    const inline = (mimeType: string): object => ({ inlineData: { mimeType, data: 'AA==' } });
    const file = (fileUri: string): object => ({ fileData: { fileUri, mimeType: 'video/mp4' } });
    const parts = [
      inline('image/png'),
      inline('audio/wav'),
      inline('video/mp4'),
      inline('application/pdf'),
      file('gs://bucket/a.mp4'),
      file('https://a.example/a.mp4'),
    ];
    expect(decode({ contents: [{ parts }] }).turns[0]?.parts).toMatchObject([
      { kind: 'image', source: { type: 'bytes' } },
      { kind: 'audio' },
      { kind: 'video' },
      { kind: 'document' },
      { kind: 'video', source: { type: 'provider-file' } },
      { kind: 'video', source: { type: 'url' } },
    ]);
    const audio = { contents: [{ parts: [inline('audio/wav')] }] };
    expect(translate('openai-chat', audio).body).toMatchObject({
      messages: [
        { content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }] },
      ],
    });
    for (const to of ['openai-chat', 'anthropic-messages'] as const)
      expect(
        faultOf(() => translate(to, { contents: [{ parts: [inline('video/mp4')] }] })).path,
      ).toBe('contents[0].parts[0]');
  });
});

describe('tools of a Gemini client', () => {
  const declared = (parameters: object, text?: string): string => {
    const tools = [{ functionDeclarations: [{ name: 'f', parameters }] }];
    const body = JSON.stringify({ ...hi, tools });
    const [tool] = gemini.decodeRequest(
      text === undefined ? body : body.replace('"SCHEMA"', text),
      address,
    ).tools;
    return tool?.type === 'function' ? (tool.parameters?.json ?? '') : '';
  };

  it('have their OpenAPI subset rewritten as JSON Schema', () => {
    const schema = {
      type: 'OBJECT',
      properties: {
        type: { type: 'STRING', enum: ['OBJECT', 'b'], nullable: true },
        list: { type: 'ARRAY', items: { type: 6 }, minItems: '2' },
        either: { anyOf: [{ type: 'INTEGER' }, { type: 'NULL' }] },
      },
      required: ['type'],
    };
    expect(JSON.parse(declared(schema))).toEqual({
      type: 'object',
      properties: {
        type: { type: ['string', 'null'], enum: ['OBJECT', 'b', null] },
        list: { type: 'array', items: { type: 'object' }, minItems: 2 },
        either: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      },
      required: ['type'],
    });
  });

  it('keep a schema byte for byte that is JSON Schema already', () => {
    const text = '{ "type":"object", "properties":{"n":{"type":"number","maximum":1.0}} }';
    expect(declared({ a: 1 }, undefined)).toBe('{"a":1}');
    const tools = `[{"functionDeclarations":[{"name":"f","parameters":${text}}]}]`;
    const body = JSON.stringify({ ...hi, tools: 'TOOLS' }).replace('"TOOLS"', tools);
    expect(gemini.decodeRequest(body, address).tools).toMatchObject([
      { parameters: { json: text } },
    ]);
  });

  it('that Google runs are refused elsewhere, and nulls are none', () => {
    const tools = [{ googleSearch: {}, codeExecution: null }];
    expect(faultOf(() => translate('openai-chat', { tools }))).toMatchObject({
      code: 'unsupported_by_target',
      path: 'tools[0].googleSearch',
    });
    expect(decode({ tools: [{ codeExecution: null }] }).tools).toEqual([]);
  });

  it.each([
    ['AUTO', [], { mode: 'auto' }],
    ['NONE', [], { mode: 'none' }],
    ['ANY', [], { mode: 'required' }],
    ['ANY', ['f'], { mode: 'named', name: 'f' }],
    ['ANY', ['f', 'g'], { mode: 'among', names: ['f', 'g'], isRequired: true }],
    ['VALIDATED', ['f'], { mode: 'among', names: ['f'], isRequired: false }],
  ])('are chosen by %s of %j', (mode, allowedFunctionNames, choice) => {
    const tools = [{ functionDeclarations: [{ name: 'f' }, { name: 'g' }] }];
    const toolConfig = { functionCallingConfig: { mode, allowedFunctionNames } };
    expect(decode({ tools, toolConfig }).toolChoice).toEqual(choice);
  });

  it('that are to be validated are no more than allowed elsewhere, with a warning', () => {
    const tools = [{ functionDeclarations: [{ name: 'f' }] }];
    const toolConfig = { functionCallingConfig: { mode: 'VALIDATED' } };
    const { body, warnings } = translate('openai-chat', { tools, toolConfig });
    expect(body).not.toHaveProperty('tool_choice');
    expect(warnings.map(({ path }) => path)).toEqual(['toolConfig.functionCallingConfig.mode']);
  });
});

describe('settings of a Gemini client', () => {
  const config = (generationConfig: object): object => ({ generationConfig });

  it('reach other protocols under their names there', () => {
    const { body } = translate(
      'openai-chat',
      config({
        temperature: 0.5,
        topP: 0.9,
        presencePenalty: 0.1,
        seed: 4,
        stopSequences: ['x'],
        maxOutputTokens: 7,
        responseMimeType: 'application/json',
        responseSchema: { type: 'OBJECT', properties: {} },
      }),
    );
    expect(body).toMatchObject({
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      seed: 4,
      stop: ['x'],
      max_completion_tokens: 7,
      response_format: { json_schema: { schema: { type: 'object', properties: {} } } },
    });
  });

  it('that are dropped are warned of by the name the caller knows', () => {
    const { warnings } = translate(
      'anthropic-messages',
      config({ seed: 1, maxOutputTokens: 5, audioTimestamp: true }),
    );
    expect(warnings.map(({ path }) => path)).toEqual([
      'generationConfig.seed',
      'generationConfig.audioTimestamp',
    ]);
  });

  it('for thinking become an intent', () => {
    const reasoning = (thinkingConfig: object): unknown =>
      decode(config({ thinkingConfig })).reasoning;
    expect(reasoning({ thinkingBudget: 0 })).toMatchObject({ mode: 'off' });
    expect(reasoning({ thinkingBudget: 9 })).toMatchObject({ mode: 'budget', budgetTokens: 9 });
    expect(reasoning({ thinkingLevel: 'HIGH' })).toMatchObject({ mode: null, effort: 'high' });
    expect(reasoning({ includeThoughts: false })).toMatchObject({ display: 'hidden' });
    expect(reasoning({})).toBeNull();
  });

  it('that change what the answer is are refused, unless they ask for nothing', () => {
    const refused: readonly [object, string][] = [
      [config({ candidateCount: 2 }), 'generationConfig.candidateCount'],
      [config({ responseLogprobs: true }), 'generationConfig.responseLogprobs'],
      [config({ responseModalities: ['TEXT', 'IMAGE'] }), 'generationConfig.responseModalities'],
      [config({ speechConfig: {} }), 'generationConfig.speechConfig'],
      [config({ response_mime_type: 'text/x.enum' }), 'generationConfig.response_mime_type'],
      [{ cached_content: 'cachedContents/1' }, 'cached_content'],
      [{ safetySettings: [{ category: 'A', threshold: 'BLOCK_ONLY_HIGH' }] }, 'safetySettings'],
      [
        { safety_settings: [{ category: 'A' }, { category: 'B', threshold: 'OFF' }] },
        'safety_settings',
      ],
    ];
    for (const [fields, path] of refused)
      expect(faultOf(() => translate('openai-chat', fields))).toMatchObject({
        code: 'unsupported_by_target',
        path,
      });
    const idle = {
      ...config({ candidateCount: 1, responseModalities: ['TEXT'], responseLogprobs: false }),
      safetySettings: [],
    };
    expect(translate('openai-chat', idle).warnings).toEqual([]);
  });

  it('that switch all filters off are dropped with a warning', () => {
    const safetySettings = [
      { category: 'A', threshold: 'OFF' },
      { category: 'B', threshold: 'BLOCK_NONE' },
    ];
    const { warnings } = translate('anthropic-messages', {
      safetySettings,
      labels: { team: 'x' },
      generationConfig: { maxOutputTokens: 5 },
    });
    expect(warnings.map(({ path }) => path)).toEqual(['safetySettings', 'labels']);
  });
});
