import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { demoReplies, modeToken } from './demo-script.js';
import { writeDemoModel } from './write-demo-model.js';

/** A GGUF file as its format says, read independently of the code that writes it. */
interface ParsedGguf {
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly tensors: readonly ParsedTensor[];
  readonly dataStart: number;
  readonly size: number;
  /** The token with the highest output for a hidden state that is this token alone. */
  successorOf(token: number): number;
}

interface ParsedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly offset: number;
  readonly byteLength: number;
}

class Reader {
  at = 0;
  constructor(readonly bytes: Buffer) {}

  uint32 = (): number => this.bytes.readUInt32LE((this.at += 4) - 4);
  uint64 = (): number => Number(this.bytes.readBigUInt64LE((this.at += 8) - 8));
  text = (): string => {
    const length = this.uint64();
    return this.bytes.toString('utf8', this.at, (this.at += length));
  };

  value(type = this.uint32()): unknown {
    if (type === 4 || type === 5) return this.uint32();
    if (type === 6) return this.bytes.readFloatLE((this.at += 4) - 4);
    if (type === 7) return this.bytes[this.at++] === 1;
    if (type === 8) return this.text();
    if (type !== 9) throw new Error(`type ${type} is not expected here`);
    const itemType = this.uint32();
    return Array.from({ length: this.uint64() }, () => this.value(itemType));
  }
}

function readTensor(reader: Reader): ParsedTensor {
  const name = reader.text();
  const shape = Array.from({ length: reader.uint32() }, () => reader.uint64());
  const byteLength = 4 * shape.reduce((product, size) => product * size, 1);
  return { name, shape, byteLength, type: reader.uint32(), offset: reader.uint64() };
}

function parseGguf(bytes: Buffer): ParsedGguf {
  const reader = new Reader(bytes);
  if (reader.uint32() !== 0x46554747 || reader.uint32() !== 3) throw new Error('no GGUF version 3');
  const [tensorCount, entryCount] = [reader.uint64(), reader.uint64()];
  const metadata = new Map<string, unknown>();
  for (let entry = 0; entry < entryCount; entry += 1) metadata.set(reader.text(), reader.value());
  const tensors = Array.from({ length: tensorCount }, () => readTensor(reader));
  const dataStart = Math.ceil(reader.at / 32) * 32;
  const output = tensors.find(({ name }) => name === 'output.weight');
  const [width = 0, tokens = 0] = output?.shape ?? [];
  const successorOf = (token: number): number => {
    const weights = Array.from({ length: tokens }, (_, row) =>
      bytes.readFloatLE(dataStart + (output?.offset ?? 0) + 4 * (row * width + token)),
    );
    return weights.indexOf(Math.max(...weights));
  };
  return { metadata, tensors, dataStart, size: bytes.length, successorOf };
}

async function writtenModel() {
  const path = join(temporaryFolder(), 'demo.gguf');
  await writeDemoModel(path);
  const model = parseGguf(readFileSync(path));
  const tokens = model.metadata.get('tokenizer.ggml.tokens') as string[];
  return { path, tokens, ...model };
}

describe('writeDemoModel', () => {
  it('describes a small llama model with a vocabulary and a chat template', async () => {
    const { metadata, tokens } = await writtenModel();
    expect(metadata.get('general.architecture')).toBe('llama');
    expect(metadata.get('llama.context_length')).toBe(4096);
    expect(metadata.get('llama.vocab_size')).toBe(tokens.length);
    expect(metadata.get('tokenizer.ggml.scores')).toHaveLength(tokens.length);
    expect(metadata.get('tokenizer.ggml.token_type')).toHaveLength(tokens.length);
    expect(String(metadata.get('tokenizer.chat_template'))).toContain('<|im_start|>');
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(Number(metadata.get('llama.embedding_length'))).toBeGreaterThanOrEqual(tokens.length);
  });

  it('lays every tensor aligned, one after the other, up to the end of the file', async () => {
    const { tensors, dataStart, size } = await writtenModel();
    let expected = 0;
    for (const tensor of tensors) {
      expect(tensor).toMatchObject({ offset: expected, type: 0 });
      expected += Math.ceil(tensor.byteLength / 32) * 32;
    }
    expect(dataStart % 32).toBe(0);
    expect(dataStart + expected).toBe(size);
  });

  it('says each of its replies by its table of successors', async () => {
    const { tokens, successorOf } = await writtenModel();
    const reply = (start: string): string[] => {
      const said: string[] = [];
      let token = successorOf(tokens.indexOf(start));
      while (tokens[token] !== '</s>' && said.length < 40) {
        said.push(tokens[token] ?? '');
        token = successorOf(token);
      }
      return said;
    };
    expect(reply('<|im_end|>')).toEqual(demoReplies.default);
    expect(reply('<0x41>')).toEqual(demoReplies.default);
    expect(reply(modeToken('tool'))).toEqual(demoReplies.tool);
    expect(reply(modeToken('think'))).toEqual(demoReplies.think);
    expect(reply(modeToken('json'))).toEqual(demoReplies.json);
    expect(reply(modeToken('empty'))).toEqual([]);
    expect(reply(modeToken('loop'))).toHaveLength(40);
  });

  it('takes about one megabyte of the disk, for its owner alone, and leaves nothing else', async () => {
    const { path } = await writtenModel();
    const { mode, blocks } = statSync(path);
    expect(mode & 0o777).toBe(0o600);
    expect(blocks * 512).toBeLessThan(3 * 1024 * 1024);
    expect(readdirSync(join(path, '..'))).toEqual(['demo.gguf']);
  });

  it('replaces an older file as a whole', async () => {
    const path = join(temporaryFolder(), 'demo.gguf');
    await writeDemoModel(path);
    const first = readFileSync(path);
    await writeDemoModel(path);
    expect(readFileSync(path).equals(first)).toBe(true);
  });

  it('leaves nothing behind where it may not write', async () => {
    const folder = temporaryFolder();
    await expect(writeDemoModel(join(folder, 'missing', 'demo.gguf'))).rejects.toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual([]);
  });
});
