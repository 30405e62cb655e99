/** Wire shapes of `/v1/messages`, as far as we write them. https://docs.anthropic.com/en/api/messages */
import type { JsonText } from '../shared/json/write-json.js';

interface Cached {
  readonly cache_control?: JsonText | undefined;
}

export interface TextBlock extends Cached {
  readonly type: 'text';
  readonly text: string;
}

export interface MediaBlock extends Cached {
  readonly type: 'image' | 'document';
  readonly source:
    | { readonly type: 'base64'; readonly media_type: string; readonly data: string }
    | { readonly type: 'text'; readonly media_type: 'text/plain'; readonly data: string }
    | { readonly type: 'url'; readonly url: string }
    | { readonly type: 'file'; readonly file_id: string };
  readonly title?: string | undefined;
}

export interface ToolUseBlock extends Cached {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonText;
}

export interface ToolResultBlock extends Cached {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content?: string | readonly (TextBlock | MediaBlock)[] | undefined;
  readonly is_error?: true | undefined;
}

export type ThinkingBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

/** JsonText: a block that only Anthropic understands, on its way back there. */
export type Block =
  TextBlock | MediaBlock | ToolUseBlock | ToolResultBlock | ThinkingBlock | JsonText;

export interface Message {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly Block[];
}

export interface MessagesUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
}
