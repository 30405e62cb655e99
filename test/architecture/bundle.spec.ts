import { describe, expect, it } from 'vitest';
import { readProjectFile } from './source-tree.js';

describe('the bundle that runs', () => {
  const bundle = readProjectFile('dist/gateway/main.js');

  // a bundler drops what it takes to have no effect, such as `new ArrayBuffer`, and every other test would still pass
  it('has the C library keep what large bodies have freed', () => {
    const [, body] = /function keepFreedMemory\(\) \{([^}]*)\}/.exec(bundle) ?? [];
    expect(body).toContain('(blockBytes)');
  });
});
