/** Shapes of credentials that upstreams have been seen to echo in their error texts. */
const secretShapes =
  /\b(?:sk-[A-Za-z0-9_-]{8,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+|AKIA[A-Z0-9]{12,})|\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}|([?&](?:key|token|access_token|api_key)=)[^&\s"']+/gi;

/**
 * Takes credentials out of a text that came from outside: those we sent, wherever they stand in it, and
 * everything that looks like one.
 * @param sentHeaders flat name/value list of the headers the upstream got.
 */
export function clearOfSecrets(text: string, sentHeaders: readonly string[]): string {
  let cleared = text;
  for (let index = 0; index < sentHeaders.length; index += 2) {
    const name = sentHeaders[index];
    const secret = sentHeaders[index + 1]?.replace(/^Bearer /, '');
    const isSecret = name === 'authorization' || name === 'x-api-key' || name === 'api-key';
    if (isSecret && secret !== undefined && secret.length > 3)
      cleared = cleared.replaceAll(secret, '[redacted]');
  }
  return cleared.replace(
    secretShapes,
    (_match, prefix: string | undefined) => `${prefix ?? ''}[redacted]`,
  );
}
