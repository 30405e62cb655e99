import { describe, expect, it } from 'vitest';
import { toModelDownloadBody } from './toModelDownloadBody.js';

describe('toModelDownloadBody', () => {
  it('leaves out what was left empty', () => {
    expect(toModelDownloadBody({ repository: ' org/model ', revision: '', files: null })).toEqual({
      repository: 'org/model',
      files: null,
    });
  });

  it('takes the address of the page for the name', () => {
    expect(
      toModelDownloadBody({
        repository: 'https://huggingface.co/org/model/',
        revision: 'main',
        files: '*.gguf',
      }),
    ).toEqual({ repository: 'org/model', revision: 'main', files: '*.gguf' });
  });
});
