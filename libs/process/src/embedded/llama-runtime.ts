import { availableParallelism } from 'node:os';
import type { ChatRequest } from './request/chat-request.js';
import {
  loadJinjaLibrary,
  loadLlamaLibrary,
  type EvaluateOptions,
  type JinjaTemplate,
  type Llama,
  type LlamaContext,
  type LlamaModel,
  type LlamaSequence,
  type Token,
} from './llama-library.js';
import { evaluatePrompt } from './evaluate-prompt.js';
import type { RuntimeFigures } from './render-figures.js';
import { RequestFault } from './request/request-fault.js';
import { SequencePool } from './sequence-pool.js';
import { WorkTally } from './work-tally.js';

/** Used when a model file brings no template of its own. */
const plainTemplate =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const defaultContextTokens = 8_192;
/**
 * One core is left to everything else: compute threads wait for each other by spinning, and one that has lost its core
 * to another process makes all of them wait, hundreds of times longer than the work takes.
 */
const computeThreads = Math.max(1, availableParallelism() - 1);
/** Tokens looked back at so that spaces and split characters come out right. */
const lookBack = 8;
/** A character has at most four bytes, and a token at least one. */
const maxTokensPerCharacter = 4;

/** A request as the model will read it. */
export interface Prompt {
  readonly tokens: Token[];
  /** Whether the template has begun the model's reasoning for it. */
  readonly opensReasoning: boolean;
}

/** Pieces of text with the count of tokens so far; a character split over tokens comes whole with the last of them. */
export type Pieces = AsyncGenerator<
  { readonly text: string; readonly tokens: number },
  'stop' | 'length',
  void
>;

interface Reading {
  readonly prompt: Token[];
  readonly options: EvaluateOptions;
  /** Filled with what the model writes. */
  readonly written: Token[];
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface RuntimeOptions {
  readonly modelPath: string;
  readonly contextTokens: number | null;
  readonly parallel: number;
  onProgress(progress: number): void;
}

interface LoadedModel {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly template: JinjaTemplate;
  readonly context: LlamaContext;
}

/** A loaded model with as many sequences as requests may run at once. */
export class LlamaRuntime {
  private readonly llama: Llama;
  private readonly model: LlamaModel;
  private readonly template: JinjaTemplate;
  readonly contextTokens: number;
  /** Sequences are borrowed from here, one per request. */
  readonly sequences: SequencePool;
  private readonly tally = new WorkTally();

  private constructor({ llama, model, template, context }: LoadedModel, parallel: number) {
    this.llama = llama;
    this.model = model;
    this.template = template;
    this.contextTokens = context.contextSize;
    this.sequences = new SequencePool(
      Array.from({ length: parallel }, () => context.getSequence()),
    );
  }

  get sizeBytes(): number {
    return this.model.size;
  }

  get figures(): RuntimeFigures {
    const { size, lent, waiting, heldTokens } = this.sequences;
    const { promptTokens, promptMs, generatedTokens, generatedMs } = this.tally;
    return {
      requestsRunning: lent,
      requestsWaiting: waiting,
      slots: size,
      kvCacheUsage: heldTokens / (size * this.contextTokens),
      promptTokens,
      promptMs,
      generatedTokens,
      generatedMs,
      modelBytes: this.sizeBytes,
    };
  }

  static async load(options: RuntimeOptions): Promise<LlamaRuntime> {
    const [{ getLlama }, { Template }] = await Promise.all([
      loadLlamaLibrary(),
      loadJinjaLibrary(),
    ]);
    const llama = await getLlama({
      build: 'never',
      gpu: process.platform === 'darwin' ? 'auto' : false,
      logLevel: 'warn',
    });
    const model = await llama.loadModel({
      modelPath: options.modelPath,
      onLoadProgress: (progress) => options.onProgress(progress),
    });
    const contextSize = Math.min(
      options.contextTokens ?? defaultContextTokens,
      model.trainContextSize,
    );
    const context = await model.createContext({
      contextSize,
      sequences: options.parallel,
      threads: computeThreads,
    });
    const template = new Template(
      model.fileInfo.metadata.tokenizer?.chat_template ?? plainTemplate,
    );
    return new LlamaRuntime({ llama, model, template, context }, options.parallel);
  }

  /** @throws RequestFault when the messages do not fit the template or the context; nothing is evaluated yet. */
  prepare(request: ChatRequest): Prompt {
    const text = this.render(request);
    const read = this.model.tokenize(text, true);
    const { bos, shouldPrependBosToken } = this.model.tokens;
    // some templates write the first token themselves, others leave it to the tokenizer
    const tokens = bos !== null && shouldPrependBosToken && read[0] !== bos ? [bos, ...read] : read;
    if (tokens.length >= this.contextTokens) {
      throw new RequestFault(
        `This model's maximum context length is ${this.contextTokens} tokens, but the messages come to ${tokens.length} tokens. Shorten them, or raise the context of the local model.`,
        'messages',
        'context_length_exceeded',
        { facts: { n_ctx: this.contextTokens, n_prompt_tokens: tokens.length } },
      );
    }
    return { tokens, opensReasoning: /<think>\s*$/.test(text) };
  }

  /** @throws RequestFault when the schema cannot be enforced. */
  async generate(
    sequence: LlamaSequence,
    request: ChatRequest,
    { tokens }: Prompt,
    signal: AbortSignal,
  ): Promise<Pieces> {
    const written: Token[] = [];
    const options = await this.evaluateOptions(request, written);
    const limit = Math.min(
      request.maxTokens ?? Number.POSITIVE_INFINITY,
      this.contextTokens - tokens.length,
    );
    return this.read(sequence, { prompt: tokens, options, written, limit, signal });
  }

  private async *read(
    sequence: LlamaSequence,
    { prompt, options, written, limit, signal }: Reading,
  ): Pieces {
    const tally = this.tally.begin();
    const rest = await evaluatePrompt(sequence, prompt, signal, tally.noteRead);
    if (rest === null) return 'stop';
    let unread: Token[] = [];
    let isPromptRead = false;
    for await (const token of sequence.evaluate(rest, options)) {
      // the first token comes when the last part of the prompt has been read
      if (!isPromptRead) tally.noteRead(rest.length);
      isPromptRead = true;
      if (signal.aborted || this.model.isEogToken(token)) return 'stop';
      tally.noteWritten();
      written.push(token);
      unread.push(token);
      const before = [...prompt.slice(-lookBack), ...written].slice(
        -lookBack - unread.length,
        -unread.length,
      );
      const text = this.model.detokenize(unread, false, before);
      const isSplit = text.endsWith('\uFFFD') && unread.length < maxTokensPerCharacter;
      if (!isSplit) unread = [];
      yield { text: isSplit ? '' : text, tokens: written.length };
      if (written.length >= limit) return 'length';
    }
    return 'stop';
  }

  private render({ messages, tools }: ChatRequest): string {
    try {
      return this.template.render({
        messages,
        add_generation_prompt: true,
        bos_token: this.model.tokens.bosString ?? '',
        eos_token: this.model.tokens.eosString ?? '',
        ...(tools.length > 0 ? { tools } : {}),
      });
    } catch (error) {
      throw new RequestFault(
        `The chat template of this model does not take these messages: ${error instanceof Error ? error.message : String(error)}.`,
        'messages',
      );
    }
  }

  private async evaluateOptions(request: ChatRequest, written: Token[]): Promise<EvaluateOptions> {
    const { temperature, topP, topK, minP, seed, format, presencePenalty, frequencyPenalty } =
      request;
    const isPenalized = presencePenalty !== 0 || frequencyPenalty !== 0;
    const { LlamaGrammarEvaluationState } = await loadLlamaLibrary();
    const grammar =
      format === null
        ? null
        : format === 'json'
          ? await this.llama.getGrammarFor('json')
          : await this.grammarOf(format);
    return {
      temperature,
      ...(topP === null ? {} : { topP }),
      ...(topK === null ? {} : { topK }),
      ...(minP === null ? {} : { minP }),
      ...(seed === null ? {} : { seed }),
      ...(isPenalized
        ? {
            repeatPenalty: {
              punishTokens: () => written,
              maxPunishTokens: this.contextTokens,
              penalty: 1,
              presencePenalty,
              frequencyPenalty,
            },
          }
        : {}),
      ...(grammar === null
        ? {}
        : {
            grammarEvaluationState: new LlamaGrammarEvaluationState({ model: this.model, grammar }),
          }),
    };
  }

  private async grammarOf(schema: object) {
    try {
      return await this.llama.createGrammarForJsonSchema(schema);
    } catch (error) {
      throw new RequestFault(
        `This JSON schema cannot be enforced here: ${error instanceof Error ? error.message : String(error)}.`,
        'response_format',
      );
    }
  }
}
