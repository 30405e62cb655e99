import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../canonical/request.js';
import { anyToolNames, openaiToolNames, ToolNames } from './tool-names.js';

function functionTool(name: string, namespace: string | null = null): Tool {
  return {
    type: 'function',
    name,
    namespace,
    description: null,
    parameters: null,
    isStrict: null,
    cacheMark: null,
    path: 'tools[0]',
  };
}

describe('ToolNames', () => {
  it('keeps names that the target takes and says nothing of them', () => {
    const names = new ToolNames({ tools: [functionTool('read_file')] }, openaiToolNames);
    expect(names.wireName({ name: 'read_file' })).toBe('read_file');
    expect(names.restored.size).toBe(0);
  });

  it('rewrites what the target would refuse, and never onto another tool', () => {
    const tools = [functionTool('read/file'), functionTool('read_file'), functionTool('read.file')];
    const names = new ToolNames({ tools }, openaiToolNames);
    const wire = tools.map((tool) => names.wireName(tool as { name: string }));
    expect(wire[1]).toBe('read_file');
    expect(new Set(wire).size).toBe(3);
    expect(names.restored.get(wire[0] ?? '')).toEqual({
      name: 'read/file',
      namespace: null,
      isFreeform: false,
    });
  });

  it('writes a namespace in front', () => {
    const names = new ToolNames({ tools: [functionTool('spawn', 'agents')] }, openaiToolNames);
    expect(names.wireName({ name: 'spawn', namespace: 'agents' })).toBe('agents__spawn');
    expect(names.restored.get('agents__spawn')).toMatchObject({
      name: 'spawn',
      namespace: 'agents',
    });
  });

  it('gives every tool a valid name of its own, the same each time, and finds the way back', () => {
    const name = fc.string({
      minLength: 1,
      maxLength: 90,
      unit: fc.constantFrom('a', '.', '_', 'é', '/'),
    });
    const list = fc.uniqueArray(fc.tuple(name, fc.option(name)), {
      selector: ([first, second]) => `${second ?? ''}\n${first}`,
    });
    fc.assert(
      fc.property(list, (pairs) => {
        const tools = pairs.map(([each, namespace]) => functionTool(each, namespace));
        const names = new ToolNames({ tools }, openaiToolNames);
        const again = new ToolNames({ tools }, openaiToolNames);
        const wire = pairs.map(([each, namespace]) => names.wireName({ name: each, namespace }));
        expect(new Set(wire).size).toBe(pairs.length);
        for (const [index, sent] of wire.entries()) {
          const [each, namespace] = pairs[index] ?? ['', null];
          expect(sent).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
          expect(again.wireName({ name: each, namespace })).toBe(sent);
          const back = names.restored.get(sent) ?? { name: sent, namespace: null };
          expect([back.name, back.namespace]).toEqual([each, namespace]);
        }
      }),
    );
  });

  it('lets local servers have any name', () => {
    const names = new ToolNames({ tools: [functionTool('mcp.server/tool')] }, anyToolNames);
    expect(names.wireName({ name: 'mcp.server/tool' })).toBe('mcp.server/tool');
  });
});
