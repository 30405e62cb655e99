/** The parts of a GGUF version 3 file that a small model needs, as bytes. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */

const type = { uint32: 4, float32: 6, bool: 7, string: 8, array: 9, int32: 5 } as const;
const alignment = 32;

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** null = all zero; such a tensor stays a hole in the file. */
  readonly data: Float32Array | null;
}

export type Metadata = readonly (readonly [key: string, value: Buffer])[];

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

const float32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
};

const list = (itemType: number, items: readonly Buffer[]): Buffer =>
  Buffer.concat([uint32(type.array), uint32(itemType), uint64(items.length), ...items]);

/** Metadata values with their type in front. */
export const value = {
  uint32: (number: number): Buffer => Buffer.concat([uint32(type.uint32), uint32(number)]),
  float32: (number: number): Buffer => Buffer.concat([uint32(type.float32), float32(number)]),
  bool: (flag: boolean): Buffer => Buffer.concat([uint32(type.bool), Buffer.from([flag ? 1 : 0])]),
  text: (string: string): Buffer => Buffer.concat([uint32(type.string), text(string)]),
  texts: (strings: readonly string[]): Buffer => list(type.string, strings.map(text)),
  floats: (numbers: readonly number[]): Buffer => list(type.float32, numbers.map(float32)),
  int32s: (numbers: readonly number[]): Buffer => list(type.int32, numbers.map(uint32)),
};

const padded = (length: number): number => Math.ceil(length / alignment) * alignment;

export const byteLength = ({ shape }: Tensor): number =>
  4 * shape.reduce((product, size) => product * size, 1);

/** Where each tensor lies behind the header, and how long all of them are. */
export function layOut(tensors: readonly Tensor[]): { offsets: number[]; totalBytes: number } {
  const offsets: number[] = [];
  let totalBytes = 0;
  for (const tensor of tensors) {
    offsets.push(totalBytes);
    totalBytes += padded(byteLength(tensor));
  }
  return { offsets, totalBytes };
}

/** Everything before the tensors' data, padded so that the data begins aligned. */
export function encodeHeader(metadata: Metadata, tensors: readonly Tensor[]): Buffer {
  const { offsets } = layOut(tensors);
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(metadata.length),
    ...metadata.flatMap(([key, bytes]) => [text(key), bytes]),
    ...tensors.flatMap((tensor, index) => [
      text(tensor.name),
      uint32(tensor.shape.length),
      ...tensor.shape.map(uint64),
      uint32(0),
      uint64(offsets[index] ?? 0),
    ]),
  ]);
  return Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length)]);
}
