/** What keeps a text from being a JSON object, in words for the one who typed it; null when it is one. */
export function findJsonFault(text: string): string | null {
  if (text.trim() === '') return 'Paste a request first: the JSON body your program sends.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? null : 'A request is a JSON object: it begins with { and ends with }.';
}
