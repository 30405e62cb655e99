import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { demoTemplate } from './demo-script.js';
import { createDemoVocabulary, type DemoVocabulary } from './demo-vocabulary.js';
import {
  byteLength,
  encodeHeader,
  layOut,
  value,
  type Metadata,
  type Tensor,
} from './gguf-file.js';

const contextTokens = 4_096;
const headSize = 64;
/** How heavy the model is. All further weight is zeros, which are holes in the file: heavy to load, light on the disk. */
export interface DemoModelSize {
  /** Default 1. */
  readonly blocks?: number;
  /** Default 64; a block has three matrices of this times the width. */
  readonly feedForwardSize?: number;
}

/** Far enough above all others that sampling at any usual temperature picks the scripted token. */
const scriptedLogit = 40;

/**
 * Writes a tiny model of our own making that a real llama.cpp loads and runs. Its blocks have only zeros, so the last
 * hidden state is the last token itself, and the output matrix is a table of successors: every reply is scripted.
 */
export async function writeDemoModel(path: string, size: DemoModelSize = {}): Promise<void> {
  const vocabulary = createDemoVocabulary();
  const width = Math.ceil(vocabulary.texts.length / headSize) * headSize;
  const { blocks = 1, feedForwardSize = 64 } = size;
  const shape = { width, blocks, feedForwardSize };
  const tensors = createTensors(vocabulary, shape);
  const header = encodeHeader(createMetadata(vocabulary, shape), tensors);
  const { offsets, totalBytes } = layOut(tensors);
  const draft = `${path}.${randomUUID()}.part`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.write(header, 0, header.length, 0);
    for (const [index, tensor] of tensors.entries()) {
      if (tensor.data === null) continue;
      const bytes = Buffer.from(tensor.data.buffer, 0, byteLength(tensor));
      await file.write(bytes, 0, bytes.length, header.length + (offsets[index] ?? 0));
    }
    await file.truncate(header.length + totalBytes);
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
}

interface ModelShape extends Required<DemoModelSize> {
  readonly width: number;
}

function createTensors({ texts, successors }: DemoVocabulary, shape: ModelShape): Tensor[] {
  const { width, blocks } = shape;
  const size = texts.length;
  const embedding = new Float32Array(size * width);
  const output = new Float32Array(size * width);
  // the final norm scales a one-hot row by the square root of its width
  const weight = scriptedLogit / Math.sqrt(width);
  for (const [token, successor] of successors.entries()) {
    embedding[token * width + token] = 1;
    output[successor * width + token] = weight;
  }
  const ones = new Float32Array(width).fill(1);
  return [
    { name: 'token_embd.weight', shape: [width, size], data: embedding },
    { name: 'output_norm.weight', shape: [width], data: ones },
    { name: 'output.weight', shape: [width, size], data: output },
    ...Array.from({ length: blocks }, (_, block) => createBlock(`blk.${block}`, shape)).flat(),
  ];
}

/** A block that adds nothing to what flows past it. */
function createBlock(prefix: string, { width, feedForwardSize }: ModelShape): Tensor[] {
  const ones = new Float32Array(width).fill(1);
  return [
    { name: `${prefix}.attn_norm.weight`, shape: [width], data: ones },
    { name: `${prefix}.ffn_norm.weight`, shape: [width], data: ones },
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].map((name) => ({
      name: `${prefix}.${name}.weight`,
      shape: [width, width],
      data: null,
    })),
    { name: `${prefix}.ffn_gate.weight`, shape: [width, feedForwardSize], data: null },
    { name: `${prefix}.ffn_up.weight`, shape: [width, feedForwardSize], data: null },
    { name: `${prefix}.ffn_down.weight`, shape: [feedForwardSize, width], data: null },
  ];
}

function createMetadata(
  { texts, kinds, bos, eos, unknown }: DemoVocabulary,
  { width, blocks, feedForwardSize }: ModelShape,
): Metadata {
  const heads = width / headSize;
  return [
    ['general.architecture', value.text('llama')],
    ['general.name', value.text('Spillway demo')],
    ['general.file_type', value.uint32(0)],
    ['llama.context_length', value.uint32(contextTokens)],
    ['llama.embedding_length', value.uint32(width)],
    ['llama.block_count', value.uint32(blocks)],
    ['llama.feed_forward_length', value.uint32(feedForwardSize)],
    ['llama.attention.head_count', value.uint32(heads)],
    ['llama.attention.head_count_kv', value.uint32(heads)],
    ['llama.attention.layer_norm_rms_epsilon', value.float32(1e-6)],
    ['llama.rope.dimension_count', value.uint32(headSize)],
    ['llama.vocab_size', value.uint32(texts.length)],
    ['tokenizer.ggml.model', value.text('llama')],
    ['tokenizer.ggml.tokens', value.texts(texts)],
    ['tokenizer.ggml.scores', value.floats(texts.map((_, token) => -token))],
    ['tokenizer.ggml.token_type', value.int32s(kinds)],
    ['tokenizer.ggml.bos_token_id', value.uint32(bos)],
    ['tokenizer.ggml.eos_token_id', value.uint32(eos)],
    ['tokenizer.ggml.unknown_token_id', value.uint32(unknown)],
    ['tokenizer.ggml.add_bos_token', value.bool(true)],
    ['tokenizer.ggml.add_space_prefix', value.bool(false)],
    ['tokenizer.chat_template', value.text(demoTemplate)],
  ];
}
