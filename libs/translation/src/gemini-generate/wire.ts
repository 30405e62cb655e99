/** Wire shapes of `models/*:generateContent`, as far as we write them. https://ai.google.dev/api/generate-content */
import type { JsonText } from '../shared/json/write-json.js';

export interface InlineData {
  readonly inlineData: { readonly mimeType: string; readonly data: string };
}

/** What a part holds; JsonText is a whole part of Gemini's own, on its way back there. */
export interface WirePart extends Partial<InlineData> {
  readonly text?: string | undefined;
  readonly thought?: true | undefined;
  readonly fileData?: { readonly fileUri: string; readonly mimeType?: string | undefined };
  readonly functionCall?: WireFunctionCall;
  readonly functionResponse?: WireFunctionResponse;
  readonly thoughtSignature?: string | undefined;
}

export interface WireFunctionCall {
  readonly id?: string | undefined;
  readonly name: string;
  readonly args: JsonText;
}

export interface WireFunctionResponse {
  readonly id?: string | undefined;
  readonly name: string;
  readonly response: { readonly output: string } | { readonly error: string };
  readonly parts?: readonly InlineData[] | undefined;
}

export interface WireContent {
  readonly role: 'user' | 'model';
  readonly parts: readonly (WirePart | JsonText)[];
}

export interface UsageMetadata {
  readonly promptTokenCount: number;
  readonly cachedContentTokenCount?: number | undefined;
  readonly candidatesTokenCount: number;
  readonly thoughtsTokenCount?: number | undefined;
  readonly totalTokenCount: number;
}
