import type { ServerResponse } from 'node:http';
import { gitHash, sha256 } from './file-hashes.js';
import {
  isSignedIn,
  type FakeRepository,
  type HubContent,
  type SeenRequest,
} from './hub-content.js';

/** `/api/models/<owner>/<name>/(revision|tree)/<revision>`. @returns false when the path is not one of the API */
export function answerApi(hub: HubContent, seen: SeenRequest, response: ServerResponse): boolean {
  const url = new URL(seen.path, hub.url);
  const match = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(url.pathname);
  if (match === null) return false;
  const [, name = '', kind, revision = ''] = match;
  const repository = hub.repositories.get(name);
  if (repository === undefined || !mayList(repository, seen)) {
    // without a sign-in the hub does not say what exists
    const status = isSignedIn(seen) ? 404 : 401;
    response.writeHead(status, { 'x-error-code': 'RepoNotFound' }).end('{}');
    return true;
  }
  const known = ['main', repository.commit, 'refs/pr/1'];
  if (!known.includes(decodeURIComponent(revision))) {
    response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end('{}');
    return true;
  }
  if (kind === 'revision') json(response, { id: name, sha: repository.commit });
  else sendTree(hub, repository, url, response);
  return true;
}

function sendTree(
  hub: HubContent,
  { files }: FakeRepository,
  url: URL,
  response: ServerResponse,
): void {
  const first = Number(url.searchParams.get('cursor') ?? 0);
  const last = first + hub.pageSize;
  if (last < files.length) {
    url.searchParams.set('cursor', String(last));
    response.setHeader('link', `<${url.href}>; rel="next"`);
  }
  const folders = first === 0 ? [{ type: 'directory', path: 'folder', oid: gitHash('') }] : [];
  const listed = files.slice(first, last).map(({ path, content, isLarge }) => ({
    type: 'file',
    path,
    oid: gitHash(content),
    size: content.length,
    ...(isLarge ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 134 } } : {}),
  }));
  json(response, [...folders, ...listed]);
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

/** The list of a gated repository is public, as its page is. */
function mayList({ access }: FakeRepository, seen: SeenRequest): boolean {
  return access !== 'private' || isSignedIn(seen);
}
