import type {
  ContentPart,
  MediaPart,
  MediaSource,
  OpaqueToken,
  TextPart,
} from '../../canonical/content.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { attachTokens, type TokenCarrier } from '../../shared/tokens/attach-tokens.js';
import { readToken } from '../../shared/tokens/opaque-envelope.js';
import { flatMap } from '../../shared/flat-map.js';

/** A `content`: one string or a list of blocks. */
export function decodeContent(content: ValueReader): ContentPart[] {
  if (content.isString) return [textPart(content.string(), content.path)];
  return attachTokens(
    flatMap(content.array('a string or an array of content blocks'), decodeBlock),
  );
}

function textPart(text: string, path: string): TextPart {
  return { type: 'text', text, cacheMark: null, path };
}

const blockDecoders: Readonly<
  Record<string, (block: ObjectReader) => (ContentPart | TokenCarrier)[]>
> = {
  text: (block) => [
    {
      ...textPart(block.string('text'), block.path),
      cacheMark: block.optionalRaw('cache_control'),
    },
  ],
  image: (block) => [decodeImage(block)],
  document: decodeDocument,
  search_result: decodeSearchResult,
  tool_use: decodeToolUse,
  tool_result: decodeToolResult,
  thinking: (block) => [
    {
      type: 'reasoning',
      text: block.string('thinking'),
      opaque: readToken(block.optionalString('signature'), own('signature')).token,
      path: block.path,
    },
  ],
  redacted_thinking: decodeRedacted,
};

function decodeBlock(value: ValueReader): (ContentPart | TokenCarrier)[] {
  const block = value.object('a content block object');
  const type = block.string('type');
  const decode = Object.hasOwn(blockDecoders, type) ? blockDecoders[type] : undefined;
  if (decode !== undefined) return decode(block);
  return [
    {
      type: 'native',
      protocol: 'anthropic-messages',
      kind: type,
      raw: value.raw(),
      path: value.path,
    },
  ];
}

/** An envelope in it may belong to the block before. */
function decodeRedacted(block: ObjectReader): (ContentPart | TokenCarrier)[] {
  const { token, owner } = readToken(block.string('data'), own('redacted'));
  const { path } = block;
  return token === null || owner === 'reasoning'
    ? [{ type: 'reasoning', text: '', opaque: token, path }]
    : [{ type: 'carrier', owner, token, path }];
}

function own(kind: OpaqueToken['kind']): Omit<OpaqueToken, 'data'> {
  return { origin: 'anthropic-messages', kind };
}

function decodeToolUse(block: ObjectReader): ContentPart[] {
  const input = block.value('input');
  // Checked to be an object, then carried as the text the caller wrote.
  input?.object();
  return [
    {
      type: 'tool-call',
      id: block.string('id'),
      name: block.string('name'),
      argumentsText: input?.raw().json ?? '{}',
      cacheMark: block.optionalRaw('cache_control'),
      path: block.path,
    },
  ];
}

function decodeToolResult(block: ObjectReader): ContentPart[] {
  const content = block.value('content');
  const parts = content === null ? [] : decodeContent(content);
  return [
    {
      type: 'tool-result',
      callId: block.string('tool_use_id'),
      parts: parts.filter((part) => part.type === 'text' || part.type === 'media'),
      isError: block.optionalBoolean('is_error') ?? false,
      cacheMark: block.optionalRaw('cache_control'),
      path: block.path,
    },
    // Blocks that a result cannot hold elsewhere are left for the encoder to refuse.
    ...parts.filter((part) => part.type !== 'text' && part.type !== 'media'),
  ];
}

function decodeImage(block: ObjectReader): MediaPart {
  const source = block.object('source');
  return {
    type: 'media',
    kind: 'image',
    ...decodeSource(source),
    name: null,
    cacheMark: block.optionalRaw('cache_control'),
    path: block.path,
  };
}

function decodeSource(source: ObjectReader): { source: MediaSource; mediaType: string | null } {
  const type = source.string('type');
  if (type === 'url')
    return { source: { type: 'url', url: source.string('url') }, mediaType: null };
  if (type === 'file')
    return { source: { type: 'provider-file', id: source.string('file_id') }, mediaType: null };
  return {
    source: { type: 'bytes', base64: source.string('data') },
    mediaType: source.optionalString('media_type'),
  };
}

/** Documents that are text become text, led by their title and context; others stay files. */
function decodeDocument(block: ObjectReader): ContentPart[] {
  const source = block.object('source');
  const cacheMark = block.optionalRaw('cache_control');
  const title = block.optionalString('title');
  const context = block.optionalString('context');
  const type = source.string('type');
  if (type === 'text') {
    source.optionalString('media_type');
    const text = [title, context, source.string('data')]
      .filter((piece) => piece !== null)
      .join('\n\n');
    return [{ ...textPart(text, block.path), cacheMark }];
  }
  const lead = type === 'content' && title !== null ? [textPart(title, block.at('title'))] : [];
  if (context !== null) lead.push(textPart(context, block.at('context')));
  if (type === 'content') {
    const content = source.value('content');
    return [...lead, ...(content === null ? [] : decodeContent(content))];
  }
  return [
    ...lead,
    {
      type: 'media',
      kind: 'document',
      ...decodeSource(source),
      name: title,
      cacheMark,
      path: block.path,
    },
  ];
}

function decodeSearchResult(block: ObjectReader): ContentPart[] {
  const head = `${block.string('title')}\n${block.string('source')}`;
  const content = block.value('content');
  const texts = content === null ? [] : decodeContent(content);
  return [
    { ...textPart(head, block.path), cacheMark: block.optionalRaw('cache_control') },
    ...texts,
  ];
}
