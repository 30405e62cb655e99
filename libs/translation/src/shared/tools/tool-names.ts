import type { RawJson, ToolName } from '../../canonical/content.js';
import type { CanonicalRequest, Tool } from '../../canonical/request.js';
import type { RestoredTool } from '../reply/restoration.js';
import { shortHash } from '../short-hash.js';

/** What a protocol takes as the name of a tool. */
export interface ToolNameRule {
  readonly maxChars: number;
  /** Global; matches the characters that are not allowed. */
  readonly invalidCharacters: RegExp;
  /** Names, namespaces and freeform tools are the protocol's own, and so stay as they are. */
  readonly isVerbatim?: boolean;
}

export const openaiToolNames: ToolNameRule = {
  maxChars: 64,
  invalidCharacters: /[^a-zA-Z0-9_-]/g,
};
export const anthropicToolNames: ToolNameRule = {
  maxChars: 128,
  invalidCharacters: /[^a-zA-Z0-9_-]/g,
};
/** Local servers take any name. */
export const anyToolNames: ToolNameRule = { maxChars: 512, invalidCharacters: /(?!)/g };

/** For callers of the same protocol. */
export const verbatimToolNames: ToolNameRule = { ...anyToolNames, isVerbatim: true };

const hashChars = 8;

/**
 * The names of a request's tools on the upstream's wire. Names that the target would refuse, and namespaces, are
 * rewritten there and back; no two tools ever share a name, and the same request gives the same names each time.
 */
export class ToolNames {
  readonly #wireNames = new Map<string, string>();
  readonly #restored = new Map<string, RestoredTool>();

  constructor(
    request: Pick<CanonicalRequest, 'tools'>,
    private readonly rule: ToolNameRule,
  ) {
    if (rule.isVerbatim === true) return;
    const tools = request.tools.filter((tool) => tool.type !== 'native');
    // names that can stay are taken first, so that no rewritten one collides with them
    for (const tool of tools) if (this.#canStay(tool)) this.#take(tool, tool.name);
    for (const tool of tools) this.#restore(tool, this.wireName(tool));
  }

  /** Do tools look as the caller declared them, namespaces and freeform tools too? */
  get isVerbatim(): boolean {
    return this.rule.isVerbatim === true;
  }

  /** By wire name, those that differ from what the caller declared. */
  get restored(): ReadonlyMap<string, RestoredTool> {
    return this.#restored;
  }

  wireName(tool: ToolName): string {
    if (this.isVerbatim) return tool.name;
    const known = this.#wireNames.get(keyOf(tool));
    if (known !== undefined) return known;
    const name = this.#canStay(tool) && !this.#isTaken(tool.name) ? tool.name : this.#rewrite(tool);
    return this.#take(tool, name);
  }

  #canStay(tool: ToolName): boolean {
    return (tool.namespace ?? null) === null && this.#clean(tool.name) === tool.name;
  }

  #take(tool: ToolName, name: string): string {
    this.#wireNames.set(keyOf(tool), name);
    return name;
  }

  #isTaken(name: string): boolean {
    return [...this.#wireNames.values()].includes(name);
  }

  #rewrite(tool: ToolName): string {
    const { maxChars } = this.rule;
    const full = (tool.namespace ?? null) === null ? tool.name : `${tool.namespace}__${tool.name}`;
    const cleaned = this.#clean(full);
    if (cleaned === full && !this.#isTaken(full)) return full;
    const hash = shortHash(keyOf(tool)).slice(0, hashChars);
    return `${cleaned.slice(0, maxChars - hash.length - 1)}_${hash}`;
  }

  #clean(name: string): string {
    return name.replace(this.rule.invalidCharacters, '_').slice(0, this.rule.maxChars) || '_';
  }

  #restore(tool: Exclude<Tool, { type: 'native' }>, wireName: string): void {
    const namespace = tool.namespace ?? null;
    const isFreeform = tool.type === 'freeform';
    if (wireName === tool.name && namespace === null && !isFreeform) return;
    this.#restored.set(wireName, { name: tool.name, namespace, isFreeform });
  }
}

function keyOf({ name, namespace }: ToolName): string {
  return `${namespace ?? ''}\n${name}`;
}

/** Arguments of a freeform tool where only JSON is known. */
export const freeformParameters: RawJson = {
  json: '{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}',
};

/** The grammar cannot be enforced there, so the model is told of it. */
export function freeformDescription(description: string | null, format: RawJson | null): string {
  const grammar = format === null ? '' : `\nThe input must have this format: ${format.json}`;
  return `${description ?? ''}${grammar}`.trim();
}

/** A freeform call of the history, as the target's own call would have looked. */
export function freeformArguments(text: string): string {
  return JSON.stringify({ input: text });
}
