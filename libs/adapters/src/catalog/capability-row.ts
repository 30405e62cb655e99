import type { ModelCapabilities, ProtocolId } from '#translation';

/** What is known of some models at some providers. All conditions that are given must hold. */
export interface CapabilityRow {
  /** Matches the host of the base URL. */
  readonly host?: RegExp;
  /** Id of a local engine. */
  readonly engine?: string;
  readonly protocol?: ProtocolId;
  /** Matches the model's name in lower case, with or without a vendor in front. */
  readonly model?: RegExp;
  readonly capabilities: Partial<ModelCapabilities>;
  /** Where it is written. */
  readonly source: string;
  /** When it was last seen there. */
  readonly date: string;
}

const upToHigh = ['low', 'medium', 'high'];
const upToXhigh = [...upToHigh, 'xhigh'];

/** Ladders of effort that several vendors share. */
export const effortLadders = {
  upToHigh,
  upToXhigh,
  upToMax: [...upToXhigh, 'max'],
  minimalToHigh: ['minimal', ...upToHigh],
  minimalToXhigh: ['minimal', ...upToXhigh],
} as const;
