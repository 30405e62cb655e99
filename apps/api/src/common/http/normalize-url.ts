import type { IncomingMessage } from 'node:http';

type Addressed = Pick<IncomingMessage, 'url' | 'headers'>;

const slash = 0x2f;
const absoluteForm = /^https?:\/\/([^/?#]*)([^#]*)/i;
const escaped = /%[0-9a-f]{2}/gi;
const brokenEscape = /%(?![0-9a-f]{2})/i;
/** What an escape may not change the meaning of (RFC 3986, 2.3). */
const plain = /^[\w.~-]$/;

/**
 * The address of a request in one spelling, because routes are found by what an address means, and some decisions are made
 * by how it is written: `/v1/%6Dessages` is `/v1/messages` (RFC 3986, 6.2.2.2). What comes as for a proxy
 * (`POST http://host/v1/messages`) is served too; the host in it counts instead of the header (RFC 9112, 3.2.2).
 */
export function normalizeUrl(request: Addressed): string {
  const url = request.url ?? '/';
  if (url.charCodeAt(0) === slash && !url.includes('%')) return url;
  return unescapePlain(withoutHost(request, url));
}

function withoutHost({ headers }: Addressed, url: string): string {
  const [, authority, rest = ''] = absoluteForm.exec(url) ?? [];
  if (authority === undefined) return url;
  // a name and password before the host are nobody's business
  headers.host = authority.slice(authority.lastIndexOf('@') + 1);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** In the path alone: what follows it is read by those who know its names. A broken path stays broken, and is refused. */
function unescapePlain(url: string): string {
  const [path = ''] = url.split('?', 1);
  if (brokenEscape.test(path)) return url;
  const unescaped = path.replace(escaped, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return plain.test(character) ? character : escape;
  });
  return unescaped + url.slice(path.length);
}
