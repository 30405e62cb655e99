/** Wire shapes of `/v1/chat/completions`, as far as we write them. https://platform.openai.com/docs/api-reference/chat */
import type { JsonText } from '../shared/json/write-json.js';

export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: Readonly<Record<string, number>> | undefined;
  readonly completion_tokens_details?: Readonly<Record<string, number>> | undefined;
}

interface Marked {
  readonly cache_control?: JsonText | undefined;
  readonly prompt_cache_breakpoint?: JsonText | undefined;
}

export type ChatContentPart = Marked &
  (
    | { readonly type: 'text'; readonly text: string }
    | {
        readonly type: 'image_url';
        readonly image_url: { readonly url: string; readonly detail?: string | undefined };
      }
    | {
        readonly type: 'file';
        readonly file: { readonly filename: string; readonly file_data: string };
      }
    | {
        readonly type: 'input_audio';
        readonly input_audio: { readonly data: string; readonly format: string };
      }
  );

/** Google's slot for the signature of a call. https://ai.google.dev/gemini-api/docs/thought-signatures */
interface Signed {
  readonly extra_content?: { readonly google: { readonly thought_signature: string } } | undefined;
}

export type ChatToolCall = Signed &
  (
    | {
        readonly id: string;
        readonly type: 'function';
        readonly function: { readonly name: string; readonly arguments: string };
      }
    | {
        readonly id: string;
        readonly type: 'custom';
        readonly custom: { readonly name: string; readonly input: string };
      }
  );

export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly ChatContentPart[] | null;
  readonly reasoning_content?: string | undefined;
  readonly reasoning_details?: readonly ReasoningDetail[] | undefined;
  readonly tool_calls?: readonly ChatToolCall[] | undefined;
  readonly tool_call_id?: string | undefined;
  readonly refusal?: string | null | undefined;
  /** Mistral's and DeepSeek's sign for a message to be continued. */
  readonly prefix?: true | undefined;
}

/** OpenRouter's carrier for reasoning that must be returned: https://openrouter.ai/docs/use-cases/reasoning-tokens */
export type ReasoningDetail =
  | {
      readonly type: 'reasoning.text';
      readonly text: string;
      readonly signature: string;
      readonly format: string;
      readonly index: number;
    }
  | {
      readonly type: 'reasoning.encrypted';
      readonly data: string;
      readonly format: string;
      readonly index: number;
    };

export type ChatTool =
  | {
      readonly type: 'function';
      readonly function: {
        readonly name: string;
        readonly description?: string | undefined;
        readonly parameters?: JsonText | undefined;
        readonly strict?: boolean | undefined;
      };
    }
  | {
      readonly type: 'custom';
      readonly custom: {
        readonly name: string;
        readonly description?: string | undefined;
        readonly format?: unknown;
      };
    };

export interface UrlAnnotation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly url: string;
    readonly title: string;
  };
}
