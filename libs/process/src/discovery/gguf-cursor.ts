import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 256 * 1024;

/** Byte sizes of GGUF's scalar value types, by type number. */
const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const STRING = 8;
const ARRAY = 9;
const UINT32 = 4;
const INT32 = 5;
const UINT64 = 10;
const MAX_TEXT_BYTES = 64 * 1024;

/** The file ends or contradicts itself before what was asked for was read. */
export class GgufDamage extends Error {}

/** Reads a GGUF file from its beginning, a window at a time, and never past a limit. */
export class GgufCursor {
  #window = Buffer.alloc(0);
  #windowStart = 0;
  #position = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly limitBytes: number,
  ) {}

  /** @throws GgufDamage when the file or the limit ends first. */
  async bytes(count: number): Promise<Buffer> {
    let from = this.#position - this.#windowStart;
    if (from + count > this.#window.length) {
      await this.#moveWindow(count);
      from = 0;
    }
    if (from + count > this.#window.length) throw new GgufDamage('it ends early');
    this.#position += count;
    return this.#window.subarray(from, from + count);
  }

  async uint32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  async uint64(): Promise<number> {
    return Number((await this.bytes(8)).readBigUInt64LE());
  }

  async text(): Promise<string> {
    const length = await this.uint64();
    if (length > MAX_TEXT_BYTES) throw new GgufDamage('a name in it is too long');
    return (await this.bytes(length)).toString('utf8');
  }

  /** The value, when it is a text or a whole number; null for all other types, which are passed over. */
  async value(): Promise<string | number | null> {
    const type = await this.uint32();
    if (type === STRING) return this.#textOrNull();
    if (type === UINT32 || type === INT32) return this.uint32();
    if (type === UINT64) return this.uint64();
    await this.#skip(type);
    return null;
  }

  /** A chat template may be longer than what is kept of a text. */
  async #textOrNull(): Promise<string | null> {
    const length = await this.uint64();
    if (length <= MAX_TEXT_BYTES) return (await this.bytes(length)).toString('utf8');
    this.#advance(length);
    return null;
  }

  async #skip(type: number): Promise<void> {
    const size = SCALAR_BYTES[type];
    if (size !== undefined) this.#advance(size);
    else if (type === ARRAY) await this.#skipArray();
    else throw new GgufDamage(`a value in it has the unknown type ${type}`);
  }

  async #skipArray(): Promise<void> {
    const type = await this.uint32();
    const count = await this.uint64();
    const size = SCALAR_BYTES[type];
    if (size !== undefined) return this.#advance(size * count);
    for (let index = 0; index < count; index += 1) {
      if (type === STRING) this.#advance(await this.uint64());
      else await this.#skip(type);
    }
  }

  #advance(count: number): void {
    this.#position += count;
    if (this.#position > this.limitBytes) throw new GgufDamage('its description is too long');
  }

  async #moveWindow(count: number): Promise<void> {
    const size = Math.max(WINDOW_BYTES, count);
    if (this.#position + count > this.limitBytes) {
      throw new GgufDamage('its description is too long');
    }
    const { buffer, bytesRead } = await this.file.read(Buffer.alloc(size), 0, size, this.#position);
    this.#window = buffer.subarray(0, bytesRead);
    this.#windowStart = this.#position;
  }
}
