import { describe, expect, it } from 'vitest';
import { findOnMachine } from './findOnMachine.js';

const at = (id: string, modelPath: string | null) => ({ id, modelPath });
const hub = '/models/models--org--m/snapshots';

describe('findOnMachine', () => {
  it('takes the very path first', () => {
    const finds = [at('old', `${hub}/1/a.gguf`), at('new', `${hub}/2/a.gguf`)];
    expect(findOnMachine(finds, `${hub}/2/a.gguf`)?.id).toBe('new');
  });

  it('takes the same file of another snapshot, and nothing else', () => {
    const finds = [
      at('server', null),
      at('other', `${hub}/1/b.gguf`),
      at('stranger', '/models/models--org--n/snapshots/1/a.gguf'),
      at('same', `${hub}/1/a.gguf`),
    ];
    expect(findOnMachine(finds, `${hub}/2/a.gguf`)?.id).toBe('same');
    expect(findOnMachine(finds, '/models/a.gguf')).toBeUndefined();
  });
});
