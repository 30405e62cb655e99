import type { WireProtocolId } from '#translation';

/** Hosts that speak more than the protocol they are entered with. Source: their API references, November 2026. */
const rows: Readonly<Record<string, readonly WireProtocolId[]>> = {
  'api.openai.com': ['openai-responses'],
};

/** What the upstream at a base URL speaks besides its main protocol, as far as that is known. */
export function usuallySpoken(baseUrl: string): readonly WireProtocolId[] {
  return rows[new URL(baseUrl).hostname] ?? [];
}
