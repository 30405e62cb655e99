import { demoReplies, modeToken, type DemoMode } from './demo-script.js';

/** Token types of llama.cpp's vocabularies. */
const kind = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;

export interface DemoVocabulary {
  readonly texts: readonly string[];
  readonly kinds: readonly number[];
  /** Token that follows each token. */
  readonly successors: readonly number[];
  readonly bos: number;
  readonly eos: number;
  readonly unknown: number;
}

/**
 * The words of the demo model and, for each, the word that comes next: that table is all the model knows. Any token
 * that is not part of a reply is followed by the beginning of the default one.
 */
export function createDemoVocabulary(): DemoVocabulary {
  const texts: string[] = [];
  const kinds: number[] = [];
  const next = new Map<number, number>();
  const add = (text: string, tokenKind: number): number => {
    kinds.push(tokenKind);
    return texts.push(text) - 1;
  };
  const unknown = add('<unk>', kind.unknown);
  const bos = add('<s>', kind.control);
  const eos = add('</s>', kind.control);
  for (let byte = 0; byte < 256; byte += 1)
    add(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, kind.byte);
  // how this kind of vocabulary writes a space; without it a space would come back as three strange bytes
  add('\u2581', kind.normal);
  add('<|im_start|>', kind.control);
  add('<|im_end|>', kind.control);

  // replies are user-defined tokens, so that they come out as they are written
  const addReply = (pieces: readonly string[]): readonly number[] =>
    pieces.map((piece) => add(piece, kind.userDefined));
  const chain = (tokens: readonly number[], end: number): void => {
    for (const [index, token] of tokens.entries()) next.set(token, tokens[index + 1] ?? end);
  };
  const standard = addReply(demoReplies.default);
  chain(standard, eos);
  for (const [mode, pieces] of Object.entries(demoReplies) as [DemoMode, readonly string[]][]) {
    if (mode === 'default') continue;
    const start = add(modeToken(mode), kind.control);
    const tokens = addReply(pieces);
    const first = tokens[0] ?? eos;
    chain(tokens, mode === 'loop' ? first : eos);
    next.set(start, first);
  }
  const fallback = standard[0] ?? eos;
  return {
    texts,
    kinds,
    successors: texts.map((_, token) => next.get(token) ?? fallback),
    bos,
    eos,
    unknown,
  };
}
