/** Wire shapes of `/v1/responses`, as far as we write them. https://platform.openai.com/docs/api-reference/responses */
import type { JsonText } from '../shared/json/write-json.js';

export interface ResponsesUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens?: number | undefined;
  };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

export interface UrlCitation {
  readonly type: 'url_citation';
  readonly start_index: number;
  readonly end_index: number;
  readonly url: string;
  readonly title: string;
}

export interface OutputText {
  readonly type: 'output_text';
  readonly annotations: readonly UrlCitation[];
  readonly logprobs: readonly never[];
  readonly text: string;
}

export interface Refusal {
  readonly type: 'refusal';
  readonly refusal: string;
}

type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export interface MessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly status: ItemStatus;
  readonly content: readonly (OutputText | Refusal)[];
  readonly role: 'assistant';
}

export interface ReasoningItem {
  readonly id: string;
  readonly type: 'reasoning';
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
  readonly encrypted_content?: string | undefined;
}

interface CallItem {
  readonly id: string;
  readonly status: ItemStatus;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface FunctionCallItem extends CallItem {
  readonly type: 'function_call';
  readonly arguments: string;
}

export interface CustomToolCallItem extends CallItem {
  readonly type: 'custom_tool_call';
  readonly input: string;
}

/** JsonText: an item that only OpenAI understands, on its way back. */
export type OutputItem =
  MessageItem | ReasoningItem | FunctionCallItem | CustomToolCallItem | JsonText;

interface Cached {
  readonly prompt_cache_breakpoint?: { readonly mode: 'explicit' } | undefined;
}

export type InputContent =
  | ({ readonly type: 'input_text'; readonly text: string } & Cached)
  | ({
      readonly type: 'input_image';
      readonly image_url?: string | undefined;
      readonly file_id?: string | undefined;
      readonly detail: string;
    } & Cached)
  | ({
      readonly type: 'input_file';
      readonly filename?: string | undefined;
      readonly file_data?: string | undefined;
      readonly file_url?: string | undefined;
      readonly file_id?: string | undefined;
    } & Cached)
  | { readonly type: 'output_text'; readonly text: string }
  | Refusal;

/** Items of a request. JsonText: one that only OpenAI understands, on its way back there. */
export type InputItem =
  | {
      readonly type: 'message';
      readonly role: 'user' | 'assistant' | 'system' | 'developer';
      readonly content: string | readonly InputContent[];
      readonly phase?: JsonText | undefined;
    }
  | {
      readonly type: 'reasoning';
      readonly id?: string | undefined;
      readonly summary: ReasoningItem['summary'];
      readonly encrypted_content: string;
    }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      readonly namespace?: string | undefined;
      readonly arguments: string;
    }
  | {
      readonly type: 'custom_tool_call';
      readonly call_id: string;
      readonly name: string;
      readonly namespace?: string | undefined;
      readonly input: string;
    }
  | {
      readonly type: 'function_call_output' | 'custom_tool_call_output';
      readonly call_id: string;
      readonly output: string | readonly InputContent[];
    }
  | JsonText;
