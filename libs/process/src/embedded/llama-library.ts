import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { embeddedEngineFolder } from './embedded-engine-folder.js';

/** The part of node-llama-cpp that is used here; the package is installed apart and found at run time. */
export type Token = number;

export interface EvaluateOptions {
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly seed?: number;
  readonly grammarEvaluationState?: object;
  readonly repeatPenalty?: {
    punishTokens(): Token[];
    readonly maxPunishTokens: number;
    readonly penalty: number;
    readonly presencePenalty: number;
    readonly frequencyPenalty: number;
  };
}

export interface LlamaSequence {
  readonly nextTokenIndex: number;
  /** What was evaluated last and is still in the cache. */
  readonly contextTokens: readonly Token[];
  adaptStateToTokens(tokens: Token[], allowShift?: boolean): Promise<void>;
  evaluate(tokens: Token[], options?: EvaluateOptions): AsyncGenerator<Token, void, void>;
  evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>;
}

export interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaSequence;
}

export interface LlamaModel {
  readonly size: number;
  readonly trainContextSize: number;
  readonly tokens: {
    readonly bos: Token | null;
    readonly bosString: string | null;
    readonly eosString: string | null;
    readonly shouldPrependBosToken: boolean;
  };
  readonly fileInfo: {
    readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } };
  };
  tokenize(text: string, specialTokens: boolean): Token[];
  detokenize(
    tokens: readonly Token[],
    specialTokens: boolean,
    lastTokens?: readonly Token[],
  ): string;
  isEogToken(token: Token): boolean;
  createContext(options: {
    contextSize: number;
    sequences: number;
    threads: number;
  }): Promise<LlamaContext>;
}

export type LlamaGrammar = object;

export interface Llama {
  loadModel(options: {
    modelPath: string;
    onLoadProgress?(progress: number): void;
  }): Promise<LlamaModel>;
  getGrammarFor(kind: 'json'): Promise<LlamaGrammar>;
  createGrammarForJsonSchema(schema: object): Promise<LlamaGrammar>;
}

interface LlamaLibrary {
  readonly getLlama: (options: {
    build: 'never';
    gpu: false | 'auto';
    logLevel: string;
  }) => Promise<Llama>;
  readonly LlamaGrammarEvaluationState: new (options: {
    model: LlamaModel;
    grammar: LlamaGrammar;
  }) => object;
}

export interface JinjaTemplate {
  render(values: Readonly<Record<string, unknown>>): string;
}

interface JinjaLibrary {
  readonly Template: new (source: string) => JinjaTemplate;
}

const load = <T>(...path: string[]): Promise<T> =>
  import(pathToFileURL(join(embeddedEngineFolder(), 'node_modules', ...path)).href) as Promise<T>;

export const loadLlamaLibrary = (): Promise<LlamaLibrary> =>
  load('node-llama-cpp', 'dist', 'index.js');
export const loadJinjaLibrary = (): Promise<JinjaLibrary> =>
  load('@huggingface', 'jinja', 'dist', 'index.js');
