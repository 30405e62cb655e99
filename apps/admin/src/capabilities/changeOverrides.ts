import type { CapabilityOverrides, CapabilityValue } from './capabilities.js';

/** With one override set. */
export function withOverride(
  overrides: CapabilityOverrides | null,
  name: string,
  value: CapabilityValue,
): CapabilityOverrides {
  return { ...overrides, [name]: value };
}

/** Without one; null when none is left, which is how the API writes "none". */
export function withoutOverride(
  overrides: CapabilityOverrides | null,
  name: string,
): CapabilityOverrides | null {
  const rest = Object.entries(overrides ?? {}).filter(([other]) => other !== name);
  return rest.length === 0 ? null : Object.fromEntries(rest);
}

/** A typed count; an empty field means that no limit is known, and half a token is none. */
export function toCount(typed: string): number | null {
  const value = Number(typed);
  return typed.trim() === '' || !Number.isFinite(value) ? null : Math.max(0, Math.trunc(value));
}
