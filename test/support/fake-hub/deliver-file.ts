import type { ServerResponse } from 'node:http';
import { gitHash, sha256 } from './file-hashes.js';
import {
  isSignedIn,
  type FakeHubFile,
  type FakeRepository,
  type HubContent,
  type SeenRequest,
} from './hub-content.js';

/** What goes wrong. With a `status` the request is answered with it; the rest bends how a file comes. */
export interface HubFault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection breaks after so many bytes of the answer. */
  readonly cutAfterBytes?: number;
  /** After so many bytes nothing more comes. */
  readonly stallAfterBytes?: number;
  readonly ignoresRange?: true;
  /** Served in place of the file. */
  readonly content?: Buffer;
  /** Where `resolve` redirects to. */
  readonly location?: string;
  /** The server's name for the content; default: one of its own. */
  readonly etag?: string;
}

/** One request for a file, and what goes wrong with it. */
interface Delivery {
  readonly hub: HubContent;
  readonly seen: SeenRequest;
  readonly fault: HubFault | null;
  readonly response: ServerResponse;
}

/** `resolve`, `raw` and `resolve-cache` of the hub, and the blobs of the store. */
export function deliverFile(delivery: Delivery): void {
  const { hub, seen, response } = delivery;
  const path = decodeURIComponent(seen.path.split('?')[0] ?? '');
  if (seen.server === 'store') return deliverBlob(delivery, path.replace('/blobs/', ''));
  const match =
    /^\/(api\/resolve-cache\/models\/)?([^/]+\/[^/]+)\/(?:(resolve|raw)\/)?([^/]+)\/(.+)$/.exec(
      path,
    );
  const [, cached, name = '', kind, , filePath] = match ?? [];
  const repository = hub.repositories.get(name);
  const file = repository?.files.find((candidate) => candidate.path === filePath);
  if (repository === undefined || file === undefined) {
    response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    return;
  }
  if (repository.access !== 'public' && !isSignedIn(seen)) {
    response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end();
    return;
  }
  if (kind === 'resolve') return redirect(delivery, { name, repository, file });
  if (cached === undefined && kind !== 'raw') return void response.writeHead(404).end();
  send(delivery, file.content, `"${gitHash(file.content)}"`);
}

function redirect(
  { hub, fault, response }: Delivery,
  place: { name: string; repository: FakeRepository; file: FakeHubFile },
): void {
  const { name, repository, file } = place;
  const commit = { 'x-repo-commit': repository.commit };
  if (!file.isLarge) {
    const location = `/api/resolve-cache/models/${name}/${repository.commit}/${file.path}`;
    response.writeHead(307, { ...commit, location: fault?.location ?? location }).end();
    return;
  }
  const hash = sha256(file.content);
  const location = `${hub.storeUrl}/blobs/${hash}?Signature=secret-signature`;
  response.writeHead(302, {
    ...commit,
    'x-linked-etag': `"${hash}"`,
    'x-linked-size': String(file.content.length),
    location: fault?.location ?? location,
  });
  response.end();
}

function deliverBlob(delivery: Delivery, hash: string): void {
  const file = [...delivery.hub.repositories.values()]
    .flatMap(({ files }) => files)
    .find(({ content }) => sha256(content) === hash);
  if (file === undefined) return void delivery.response.writeHead(404).end();
  send(delivery, file.content, `"store-${hash.slice(0, 8)}"`);
}

function send({ seen, fault, response }: Delivery, own: Buffer, usualEtag: string): void {
  const content = fault?.content ?? own;
  const etag = fault?.etag ?? usualEtag;
  const range = /^bytes=(\d+)-$/.exec(seen.headers.range ?? '');
  const condition = seen.headers['if-range'];
  const holds = condition === undefined || condition === etag;
  const isPart = range !== null && holds && fault?.ignoresRange !== true;
  const start = isPart ? Number(range[1]) : 0;
  const body = content.subarray(start);
  response.writeHead(isPart ? 206 : 200, {
    etag,
    'content-length': String(body.length),
    ...(isPart
      ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
      : {}),
  });
  const limit = fault?.cutAfterBytes ?? fault?.stallAfterBytes;
  if (limit === undefined) return void response.end(body);
  response.write(body.subarray(0, limit), () => {
    // what was written has left the process; the end of the connection comes behind it
    if (fault?.cutAfterBytes !== undefined) setTimeout(() => response.destroy(), 20);
  });
}
