import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { existingFolders, findModelFiles } from './find-model-files.js';

function folderWith(...files: string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), 'GGUF');
  }
  return folder;
}

const pathsIn = async (folder: string): Promise<string[]> =>
  (await findModelFiles([folder])).map(({ path }) => path.slice(folder.length + 1)).sort();

describe('findModelFiles', () => {
  it('finds models at some depth, with their sizes', async () => {
    const folder = folderWith('a.gguf', 'deep/er/b.GGUF', 'readme.md', 'c.gguf.part');
    expect(await pathsIn(folder)).toEqual(['a.gguf', 'deep/er/b.GGUF']);
    expect((await findModelFiles([folder]))[0]).toEqual({
      path: join(folder, 'a.gguf'),
      sizeBytes: 4,
    });
  });

  it('names a split model by its first part, and leaves companions of vision models out', async () => {
    const folder = folderWith(
      'big-00001-of-00003.gguf',
      'big-00002-of-00003.gguf',
      'big-00003-of-00003.gguf',
      'mmproj-model-f16.gguf',
    );
    expect(await pathsIn(folder)).toEqual(['big-00001-of-00003.gguf']);
  });

  it('follows the links of the Hugging Face cache, but not those to nowhere', async () => {
    const folder = folderWith('blobs/abc');
    mkdirSync(join(folder, 'snapshots/1'), { recursive: true });
    symlinkSync('../../blobs/abc', join(folder, 'snapshots/1/model.gguf'));
    symlinkSync('../../blobs/gone', join(folder, 'snapshots/1/gone.gguf'));
    expect(await pathsIn(folder)).toEqual(['snapshots/1/model.gguf']);
  });

  it('names a file once, however many ways lead to it', async () => {
    const folder = folderWith('models/a.gguf');
    symlinkSync('a.gguf', join(folder, 'models/b.gguf'));
    expect(await findModelFiles([folder, join(folder, 'models')])).toHaveLength(1);
  });

  it('ends in a folder that leads back to itself, and with a limit in a huge one', async () => {
    const folder = folderWith(...Array.from({ length: 300 }, (_, index) => `m${index}.gguf`));
    symlinkSync(folder, join(folder, 'self'));
    expect((await findModelFiles([folder])).length).toBeLessThanOrEqual(200);
  });
});

describe('existingFolders', () => {
  it('keeps the folders that are there, each once', async () => {
    const folder = folderWith('file');
    const given = [folder, join(folder, 'missing'), join(folder, 'file'), folder];
    expect(await existingFolders(given)).toEqual([folder]);
  });
});
