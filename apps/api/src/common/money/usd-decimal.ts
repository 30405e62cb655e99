const nanosPerUsd = 1_000_000_000;

/** Nano-dollars, a whole number, as dollars in decimal with as many places as it takes. */
export function usdDecimal(nanos: number): string {
  const sign = nanos < 0 ? '-' : '';
  const amount = Math.abs(nanos);
  const rest = amount % nanosPerUsd;
  const dollars = (amount - rest) / nanosPerUsd;
  if (rest === 0) return `${sign}${dollars}`;
  // a one in front keeps the zeros
  const places = String(nanosPerUsd + rest);
  let end = places.length;
  while (places[end - 1] === '0') end -= 1;
  return `${sign}${dollars}.${places.slice(1, end)}`;
}
