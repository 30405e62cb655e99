import { availableParallelism } from 'node:os';
import type { ChatRequest } from './chat-request.js';
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
import { RequestFault } from './request-fault.js';

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

export interface Generation {
  readonly promptTokens: number;
  /** Pieces of text; a character split over tokens comes whole with the last of them. */
  readonly pieces: AsyncGenerator<
    { readonly text: string; readonly tokens: number },
    'stop' | 'length',
    void
  >;
}

export interface RuntimeOptions {
  readonly modelPath: string;
  readonly contextTokens: number | null;
  readonly parallel: number;
  onProgress(progress: number): void;
}

/** A loaded model with as many sequences as requests may run at once; further requests wait in order. */
export class LlamaRuntime {
  private readonly free: LlamaSequence[];
  private readonly waiting: ((sequence: LlamaSequence) => void)[] = [];

  private constructor(
    private readonly llama: Llama,
    private readonly model: LlamaModel,
    private readonly template: JinjaTemplate,
    slots: { readonly context: LlamaContext; readonly parallel: number },
  ) {
    const { context, parallel } = slots;
    this.contextTokens = context.contextSize;
    this.free = Array.from({ length: parallel }, () => context.getSequence());
  }

  readonly contextTokens: number;

  get sizeBytes(): number {
    return this.model.size;
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
    return new LlamaRuntime(llama, model, template, { context, parallel: options.parallel });
  }

  /** Waits for a free sequence. The caller must give it back. @throws DOMException when the signal aborts first. */
  acquire(signal: AbortSignal): Promise<LlamaSequence> {
    signal.throwIfAborted();
    const sequence = this.free.pop();
    if (sequence !== undefined) return Promise.resolve(sequence);
    return new Promise((resolve, reject) => {
      const enter = (next: LlamaSequence): void => {
        signal.removeEventListener('abort', leave);
        resolve(next);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(new Error('the caller left while waiting'));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(enter);
    });
  }

  release(sequence: LlamaSequence): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(sequence);
    else next(sequence);
  }

  /** @throws RequestFault when the prompt does not fit. */
  async generate(
    sequence: LlamaSequence,
    request: ChatRequest,
    signal: AbortSignal,
  ): Promise<Generation> {
    const prompt = this.model.tokenize(this.render(request), true);
    if (prompt.length >= this.contextTokens) {
      throw new RequestFault(
        `This model's maximum context length is ${this.contextTokens} tokens, but the messages come to ${prompt.length} tokens. Shorten them, or raise the context of the local model.`,
        'messages',
        'context_length_exceeded',
      );
    }
    const limit = Math.min(
      request.maxTokens ?? Number.POSITIVE_INFINITY,
      this.contextTokens - prompt.length,
    );
    await sequence.adaptStateToTokens(prompt, false);
    // at least one token must be evaluated to get the next; the rest of a known prefix is reused
    if (sequence.nextTokenIndex >= prompt.length)
      await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
    const fresh = prompt.slice(sequence.nextTokenIndex);
    const tokens = sequence.evaluate(fresh, await this.evaluateOptions(request));
    return {
      promptTokens: prompt.length,
      pieces: this.read(tokens, { limit, signal, before: prompt.slice(-lookBack) }),
    };
  }

  private async *read(
    tokens: AsyncGenerator<Token>,
    { limit, signal, before }: { limit: number; signal: AbortSignal; before: Token[] },
  ): Generation['pieces'] {
    let count = 0;
    let unread: Token[] = [];
    let last = before;
    for await (const token of tokens) {
      if (signal.aborted) return 'stop';
      if (this.model.isEogToken(token)) return 'stop';
      count += 1;
      unread.push(token);
      const text = this.model.detokenize(unread, false, last);
      const isSplit = text.endsWith('\uFFFD') && unread.length < 4;
      if (!isSplit) {
        last = [...last, ...unread].slice(-lookBack);
        unread = [];
      }
      yield { text: isSplit ? '' : text, tokens: count };
      if (count >= limit) return 'length';
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

  private async evaluateOptions(request: ChatRequest): Promise<EvaluateOptions> {
    const { temperature, topP, topK, minP, seed, format } = request;
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
