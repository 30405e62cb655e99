const neutral: Readonly<Record<string, number>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
};

/** Is this what every model does by itself? Then nothing is lost without it. */
export function asksForNothing(name: string, value: number): boolean {
  return neutral[name] === value;
}
