import type { Json } from '../../support/stream-grammar/rule-book.js';

interface Located {
  /** JSON path in the body it was read from. */
  readonly path: string;
}

export interface Words extends Located {
  readonly text: string;
}

export interface RequestedCall extends Located {
  readonly id: string | null;
  readonly name: string;
  /** JSON text, or plain text for a freeform tool. */
  readonly arguments: string;
}

export interface GivenResult extends Located {
  /** Id of the call it answers; null where calls are matched by order. */
  readonly id: string | null;
  /** Name of the tool, where a result bears it. */
  readonly name?: string;
  readonly texts: readonly string[];
}

export interface OfferedTool extends Located {
  readonly name: string;
  readonly description: string;
  /** null where none was given. */
  readonly schema: unknown;
}

export interface Setting extends Located {
  readonly value: unknown;
}

/** What a request says, whatever the protocol it is written in. Every list is in the order of the conversation. */
export interface RequestReading {
  /** System texts and the user's, which some protocols have to take for each other. */
  readonly prompt: readonly Words[];
  /** The assistant's earlier texts. */
  readonly spoken: readonly Words[];
  readonly calls: readonly RequestedCall[];
  readonly results: readonly GivenResult[];
  /** Base64 or address of every image, document or sound. */
  readonly media: readonly Words[];
  readonly tools: readonly OfferedTool[];
  /** By one common name; only what was set. */
  readonly settings: Readonly<Partial<Record<SettingName, Setting>>>;
}

export type SettingName =
  | 'limit'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stops'
  | 'choice'
  | 'isSerial'
  | 'schema'
  | 'isJson'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'seed';

export class ReadingDraft {
  readonly prompt: Words[] = [];
  readonly spoken: Words[] = [];
  readonly calls: RequestedCall[] = [];
  readonly results: GivenResult[] = [];
  readonly media: Words[] = [];
  readonly tools: OfferedTool[] = [];
  readonly settings: Partial<Record<SettingName, Setting>> = {};

  say(role: unknown, text: unknown, path: string): void {
    if (typeof text !== 'string' || text === '') return;
    const isSpoken = role === 'assistant' || role === 'model';
    (isSpoken ? this.spoken : this.prompt).push({ text, path });
  }

  show(address: unknown, path: string): void {
    if (typeof address !== 'string') return;
    const base64 = /^data:[^,]*;base64,(.*)$/s.exec(address)?.[1];
    this.media.push({ text: base64 ?? address, path });
  }

  set(name: SettingName, value: unknown, path: string): void {
    if (value !== undefined && value !== null) this.settings[name] = { value, path };
  }

  /** Settings that bear one name on top of the body. */
  setAll(body: Json, names: Readonly<Partial<Record<SettingName, string>>>, prefix = ''): void {
    for (const [name, member] of Object.entries(names))
      this.set(name as SettingName, body[member], prefix + member);
  }
}
