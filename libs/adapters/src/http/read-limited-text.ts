const maxBytes = 4 * 1024 * 1024;

/**
 * The text of an answer that can only be small, such as a list of models.
 * @throws Error when it is larger than 4 MiB, counted as unpacked; no more than that is read.
 */
export async function readLimitedText(response: { readonly body: unknown }): Promise<string> {
  const pieces: Uint8Array[] = [];
  let byteCount = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    byteCount += piece.length;
    // leaving the loop cancels the body and with it the connection
    if (byteCount > maxBytes) throw new Error('its answer is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
