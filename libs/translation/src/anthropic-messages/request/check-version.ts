import { GatewayError } from '../../errors/gateway-error.js';
import type { JsonNode } from '../../shared/json/json-node.js';
import type { ObjectReader } from '../../shared/json/object-reader.js';

/** The first version that refuses what its predecessor took. */
export const strictVersion = '2026-10-21';

/**
 * Holds a caller to the version its headers name, whatever model answers: sampling fields, documents in assistant
 * messages and citations on user text are gone from 2026-10-21 on.
 * https://platform.claude.com/docs/en/api/versioning
 * @throws GatewayError `invalid_request`
 */
export function checkVersion(body: ObjectReader, version: string | null): void {
  if (version === null || version < strictVersion) return;
  for (const name of ['temperature', 'top_p', 'top_k'])
    if (body.has(name)) throw refused(name, 'was removed');
  const messages = body.node.members?.get('messages')?.items ?? [];
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`);
}

function checkMessage({ members }: JsonNode, path: string): void {
  const role = members?.get('role')?.value;
  const blocks = members?.get('content')?.items ?? [];
  for (const [index, block] of blocks.entries()) {
    const type = block.members?.get('type')?.value;
    const at = `${path}.content[${index}]`;
    if (role === 'assistant' && type === 'document')
      throw refused(at, 'is a document in an assistant message, which is refused');
    const citations = block.members?.get('citations');
    const isCited = citations !== undefined && (citations.items?.length ?? 0) > 0;
    if (role === 'user' && type === 'text' && isCited)
      throw refused(`${at}.citations`, 'is refused on user text');
  }
}

function refused(path: string, problem: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `\`${path}\` ${problem} in version ${strictVersion} of the API, which the header \`anthropic-version\` names. Remove it, or name version 2023-06-01.`,
    { path },
  );
}
