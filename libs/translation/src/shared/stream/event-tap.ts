import type { FinishReason } from '../../canonical/finish-reason.js';
import { unknownUsage, type Usage } from '../../canonical/usage.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { AnswerFacts, StreamProgress, StreamTap } from '../../protocol.js';
import { decodeLatin1 } from '../json/decode-bytes.js';
import { tryParse, type JsonRecord } from '../json/json-access.js';
import { settleFinishReason } from '../settle-finish-reason.js';

/** What an event tells; fields left out change nothing. */
export interface EventNews {
  readonly model?: string | null;
  readonly usage?: Usage;
  readonly finishReason?: FinishReason | null;
  readonly error?: GatewayError | null;
  /** The answer calls a tool of the caller's, whatever its finish will say. */
  readonly hasToolCall?: boolean;
  /** The answer's head, as far as closing events repeat it. */
  readonly response?: JsonRecord;
  /** The protocol's last event. */
  readonly isTerminal?: boolean;
}

/** What differs between protocols. */
export interface TapRules {
  /** Matches the raw text of events that are worth parsing. */
  readonly isNews: RegExp;
  /** Global; its first group is visible output in JSON form. */
  readonly outputText: RegExp;
  readonly terminalData: string | null;
  read(event: unknown, name: string | null, usageSoFar: Usage): EventNews;
  /** Is this the event that exists only because we asked for usage? */
  isUsageOnly(event: unknown): boolean;
  /** Number of an event by its text, where the protocol counts events. */
  sequenceOf?(text: string): number | null;
}

/** A blank line in any of the three line ends. */
const blankLine = /\n\n|\n\r\n?|\r\r\n?/g;

/** Without one there is no event, whatever else stands there (OpenRouter may begin with white space). */
const dataLine = /(?:^|[\r\n])data/;

/** Reads a passing stream; see {@link StreamTap}. Cost is linear in the text, however it is cut. */
export function createEventTap(rules: TapRules, hideUsage: boolean): StreamTap {
  return new EventTap(rules, hideUsage);
}

class EventTap implements StreamTap {
  sawEvent = false;
  #pieces: string[] = [];
  #usage: Usage = unknownUsage;
  #finishReason: FinishReason | null = null;
  #error: GatewayError | null = null;
  #model: string | null = null;
  #outputChars = 0;
  #isTerminated = false;
  #hasToolCall = false;
  #response: JsonRecord | null = null;
  #lastEvent = '';
  #isClosed = false;
  #isCut = false;

  constructor(
    private readonly rules: TapRules,
    private readonly hideUsage: boolean,
  ) {}

  get facts(): AnswerFacts {
    return {
      usage: this.#usage,
      finishReason: this.#finishReason,
      isComplete:
        this.#error === null &&
        this.#finishReason !== null &&
        (this.#isTerminated || this.#isClosed),
      isTerminated: this.#isTerminated,
      error: this.#error,
      outputChars: this.#outputChars,
      model: this.#model,
      progress: this.#progress(),
    };
  }

  #progress(): StreamProgress | null {
    if (this.rules.sequenceOf === undefined || !this.sawEvent) return null;
    const last = this.rules.sequenceOf(this.#lastEvent);
    return { nextSequence: last === null ? 0 : last + 1, response: this.#response };
  }

  push(text: string): string {
    if (this.#isCut) return '';
    let passedOn = '';
    let start = 0;
    // The blank line may have begun in the piece before.
    const last = this.#pieces.at(-1);
    const overlap = last === undefined ? 0 : Math.min(2, last.length);
    const searched = overlap === 0 || last === undefined ? text : last.slice(-overlap) + text;
    blankLine.lastIndex = 0;
    for (let match = blankLine.exec(searched); match !== null; match = blankLine.exec(searched)) {
      const end = match.index + match[0].length - overlap;
      if (end <= start) continue;
      const isBegunBefore = this.#pieces.length > 0;
      const kept = this.#event(text.slice(start, end));
      if (this.#isCut) {
        // the beginning of an event that came in two pieces is with the caller already
        return this.hideUsage ? passedOn : text.slice(0, isBegunBefore ? end : start);
      }
      passedOn += kept;
      start = end;
    }
    if (start < text.length) this.#pieces.push(text.slice(start));
    return this.hideUsage ? passedOn : text;
  }

  end(): string {
    const rest = this.#pieces.length > 0 ? this.#event('') : '';
    this.#isClosed = true;
    return this.hideUsage && !this.#isCut ? rest : '';
  }

  /** Takes note of one whole event and returns the text of it that is to be passed on. */
  #event(last: string): string {
    const text = this.#pieces.length === 0 ? last : this.#pieces.join('') + last;
    this.#pieces = [];
    if (!dataLine.test(text)) return text;
    const isFirst = !this.sawEvent;
    // a comment may speak of data
    if (isFirst && readFields(text).data === '') return text;
    this.sawEvent = true;
    this.#lastEvent = text;
    this.#outputChars += countMatches(this.rules.outputText, text);
    const hadError = this.#error !== null;
    if (!isFirst && !this.rules.isNews.test(text)) {
      this.#isCut = hadError;
      return text;
    }
    const { name, data } = readFields(text);
    if (data === this.rules.terminalData) this.#isTerminated = true;
    const event = tryParse(data);
    const news = event === null ? null : this.rules.read(event, name, this.#usage);
    if (news !== null) this.#note(news);
    else if (isFirst && !this.#isTerminated) this.#error ??= unreadableStart();
    if (this.#isFalseEnd(hadError && news?.error == null)) {
      this.#isCut = true;
      this.#isTerminated = false;
    }
    return this.hideUsage && this.rules.isUsageOnly(event) ? '' : text;
  }

  /**
   * Some engines close a failed answer as if all were well: a finish after an error, or an end without any finish. That
   * is withheld, and the gateway ends the stream as broken.
   */
  #isFalseEnd(isAfterError: boolean): boolean {
    const isUnfinished = this.#isTerminated && this.#finishReason === null;
    return isAfterError || (isUnfinished && this.#error === null);
  }

  #note(news: EventNews): void {
    if (news.usage !== undefined) this.#usage = news.usage;
    this.#model ??= news.model ?? null;
    this.#hasToolCall ||= news.hasToolCall === true;
    const finish = news.finishReason ?? this.#finishReason;
    this.#finishReason =
      finish !== null && this.#hasToolCall ? settleFinishReason(finish, true) : finish;
    this.#error ??= news.error ?? null;
    this.#response = news.response ?? this.#response;
    if (news.isTerminal === true) this.#isTerminated = true;
  }
}

/** A stream that begins like this is no answer; another target may still be asked. */
function unreadableStart(): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    'The upstream began its stream with an event that is not JSON.',
  );
}

/** Length of all first groups; a loop over `exec` costs half of `matchAll`. */
function countMatches(pattern: RegExp, text: string): number {
  let count = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    count += match[1]?.length ?? 0;
  }
  return count;
}

function readFields(event: string): { name: string | null; data: string } {
  let name: string | null = null;
  const data: string[] = [];
  for (const line of event.split(/\r\n|\r|\n/)) {
    if (line.startsWith('data:')) data.push(line.slice(5).trim());
    else if (line.startsWith('event:')) name = line.slice(6).trim();
  }
  return { name, data: decodeLatin1(data.join('\n')) };
}
