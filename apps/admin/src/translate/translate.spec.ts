import { describe, expect, it } from 'vitest';
import { exampleRequest } from './exampleRequest.js';
import { findJsonFault } from './findJsonFault.js';
import { indentJson } from './indentJson.js';
import { previewPath } from './previewPath.js';

describe('indentJson', () => {
  it('puts a member on each line', () => {
    expect(indentJson('{"a":[1,{"b":null}],"c":{},"d":[]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    );
  });

  it('indents as JSON.stringify does', () => {
    const value = { text: 'a "b" {[,:]} \\ \n', list: [[], [{}], [true, -1.5e3]], empty: '' };
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    expect(indentJson(JSON.stringify(value, null, 4))).toBe(JSON.stringify(value, null, 2));
  });

  it('leaves numbers, escapes and repeated members as they are written', () => {
    const text = '{"n":12345678901234567890.10,"n":1.0,"s":"\\u00e9\\/"}';
    expect(indentJson(text).replaceAll(/\s/g, '')).toBe(text);
  });

  it('comes to an end with text that is no JSON', () => {
    expect(indentJson(']]}"op\\').replaceAll(/\s/g, '')).toBe(']]}"op\\');
  });
});

describe('findJsonFault', () => {
  it('wants an object', () => {
    expect(findJsonFault('{"model":"coder"}')).toBeNull();
    expect(findJsonFault(' \n')).toMatch(/^Paste/);
    expect(findJsonFault('[1]')).toMatch(/JSON object/);
    expect(findJsonFault('{"a":1,}')).toMatch(/^This is not JSON: ./);
  });
});

describe('previewPath', () => {
  it('asks as the route says unless told otherwise', () => {
    expect(previewPath({ protocol: 'openai-chat', lossMode: null, address: null })).toBe(
      '/v1/translate?protocol=openai-chat',
    );
  });

  it('carries what stands in the URL of a Gemini request', () => {
    const address = { model: 'a/b c', isStream: true };
    expect(previewPath({ protocol: 'gemini-generate', lossMode: 'strict', address })).toBe(
      '/v1/translate?protocol=gemini-generate&lossMode=strict&model=a%2Fb+c&stream=true',
    );
  });
});

describe('exampleRequest', () => {
  it('names the model in the body, except where the URL does', () => {
    expect(JSON.parse(exampleRequest('openai-chat', 'coder'))).toMatchObject({ model: 'coder' });
    expect(JSON.parse(exampleRequest('gemini-generate', 'coder'))).not.toHaveProperty('model');
  });
});
