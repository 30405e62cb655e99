import type { ContentPart, MediaPart } from '../canonical/content.js';
import type { CanonicalRequest, Tool } from '../canonical/request.js';
import { estimateTokens } from './estimate-tokens.js';

/** What providers count for a picture of usual size; a page of a document is about two. */
const imageTokens = 1_600;
/** Role, separators and the like. */
const turnTokens = 4;
/** Base64 of a page of a usual document. */
const base64CharsOfPage = 130_000;

/**
 * How many tokens the input of a request has, for want of the model's own tokenizer. Text is counted at one token for
 * three characters, which is rather too much than too little: for English prose and code the true figure is 60 to
 * 100 % of it.
 */
export function estimateRequestTokens(request: CanonicalRequest): number {
  const instructions = request.instructions.reduce((sum, { text }) => sum + text.length, 0);
  const tools = request.tools.reduce((sum, tool) => sum + toolChars(tool), 0);
  const turns = request.turns.reduce((sum, turn) => sum + turnTokens + countParts(turn.parts), 0);
  return estimateTokens(instructions + tools) + turns;
}

function toolChars(tool: Tool): number {
  switch (tool.type) {
    case 'function':
      return `${tool.name}${tool.description ?? ''}${tool.parameters?.json ?? ''}`.length;
    case 'freeform':
      return `${tool.name}${tool.description ?? ''}${tool.format?.json ?? ''}`.length;
    case 'native':
      return tool.raw.json.length;
  }
}

function countParts(parts: readonly ContentPart[]): number {
  return parts.reduce((sum, part) => sum + countPart(part), 0);
}

function countPart(part: ContentPart): number {
  switch (part.type) {
    case 'media':
      return countMedia(part);
    case 'tool-result':
      return turnTokens + countParts(part.parts);
    case 'tool-call':
      return turnTokens + estimateTokens(part.name.length + part.argumentsText.length);
    case 'native':
      return estimateTokens(part.raw.json.length);
    default:
      return estimateTokens(part.text.length);
  }
}

function countMedia({ kind, source }: MediaPart): number {
  if (kind === 'image' || source.type !== 'bytes') return imageTokens;
  return 2 * imageTokens * Math.ceil(source.base64.length / base64CharsOfPage);
}
