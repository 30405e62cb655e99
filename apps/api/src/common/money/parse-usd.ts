/**
 * Nano-dollars of an amount in decimal dollars, such as `0.05` or `2`: digits and a point alone, at most six places before it
 * and nine behind. Null for anything else. Put together as text: a fraction would not survive as a floating point number.
 */
export function parseUsd(text: string): number | null {
  const [, dollars, fraction = ''] = /^(\d{1,6})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  return dollars === undefined ? null : Number(dollars + fraction.padEnd(9, '0'));
}
