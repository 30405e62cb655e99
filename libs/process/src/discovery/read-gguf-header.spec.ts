import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { writeDemoModel } from '../demo-model/write-demo-model.js';
import { readGgufHeader } from './read-gguf-header.js';

function fileOf(...parts: (string | Uint8Array)[]): string {
  const path = join(temporaryFolder(), 'model.gguf');
  writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
  return path;
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([uint64(value.length), Buffer.from(value)]);
const head = (tensors: number, entries: number): Buffer =>
  Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(tensors), uint64(entries)]);

describe('readGgufHeader', () => {
  it('reads what a model says of itself', async () => {
    const path = join(temporaryFolder(), 'demo.gguf');
    await writeDemoModel(path);
    expect(await readGgufHeader(path)).toEqual({
      version: 3,
      tensorCount: 12,
      architecture: 'llama',
      name: 'Spillway demo',
      contextLength: 4096,
      layerCount: 1,
      // One layer, 320 numbers for keys and as many for values, two bytes each.
      cacheBytesPerToken: 1280,
    });
  });

  it('passes over values and lists that it does not need', async () => {
    const path = fileOf(
      head(1, 4),
      Buffer.concat([text('a.list'), uint32(9), uint32(8), uint64(2), text('x'), text('yy')]),
      Buffer.concat([text('a.nested'), uint32(9), uint32(9), uint64(1), uint32(4), uint64(2)]),
      Buffer.concat([uint32(1), uint32(2)]),
      Buffer.concat([text('a.flag'), uint32(7), Buffer.from([1])]),
      Buffer.concat([text('general.architecture'), uint32(8), text('qwen3')]),
    );
    expect(await readGgufHeader(path)).toMatchObject({ architecture: 'qwen3', name: null });
  });

  it('says what is missing', async () => {
    const path = join(temporaryFolder(), 'nope.gguf');
    await expect(readGgufHeader(path)).rejects.toThrow('no such file or directory');
    await expect(readGgufHeader(temporaryFolder())).rejects.toThrow('is not a file');
  });

  it.each([
    ['a page of an error', ['<!doctype html><p>Not found</p>'], 'not in the GGUF format'],
    ['an empty file', [], 'damaged'],
    ['a file of the future', ['GGUF', uint32(9), uint64(1), uint64(0)], 'version 9'],
    ['a model without tensors', [head(0, 0)], 'damaged'],
    ['an absurd count of tensors', [head(2 ** 40, 0)], 'damaged'],
    ['an absurd count of entries', [head(1, 2 ** 40)], 'damaged'],
    ['an absurd length', [head(1, 1), uint64(2 ** 50)], 'damaged'],
    [
      'a list longer than the file',
      [head(1, 2), text('a'), uint32(9), uint32(8), uint64(2 ** 40)],
      'damaged',
    ],
    ['an unknown type', [head(1, 1), text('a'), uint32(77)], 'damaged'],
    [
      'a download that was cut off',
      [head(1, 3), text('general.name'), uint32(8), uint64(5), 'ab'],
      'damaged',
    ],
  ])('refuses %s', async (_, parts, reason) => {
    await expect(readGgufHeader(fileOf(...parts))).rejects.toThrow(reason);
  });
});
