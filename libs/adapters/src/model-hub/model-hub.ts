import type { EgressClient } from '../egress/egress-client.js';
import { readLimitedText } from '../http/read-limited-text.js';
import { HubError } from './hub-error.js';
import { askHub, toHubError, type HubAnswer } from './hub-exchange.js';
import { redirectTarget, type HubPlace } from './hub-place.js';
import { assertSameFile, readFileAnswer, type HubFileBody } from './read-file-answer.js';
import { readHubCommit, readHubListing, type HubFile } from './read-hub-listing.js';
import { refuseHubStatus } from './refuse-hub-status.js';

const maxRedirects = 4;
const maxPages = 50;

export interface HubRepository {
  /** `owner/name` */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

export interface HubFileQuestion extends HubRepository {
  readonly file: HubFile;
  /** So many bytes are there already. */
  readonly offset: number;
  /** What the server called the content of which they are; null when it was not heard or is not known any more. */
  readonly etag: string | null;
}

/**
 * A hub that speaks the HTTP API of huggingface.co. The token goes to the hub's own address and never after a
 * redirect; redirects are followed for files alone, each one checked by hand. All calls throw HubError.
 */
export class ModelHub {
  constructor(
    private readonly egress: EgressClient,
    private readonly place: HubPlace,
    private readonly readToken: () => string | null,
  ) {}

  /** The commit that a revision is now. */
  async resolveRevision(question: HubRepository, signal: AbortSignal): Promise<string> {
    const { repository, revision } = question;
    const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}`;
    const url = this.urlOf(`${path}?expand%5B%5D=sha`);
    const { text } = await this.readJson(url, question, signal);
    return readHubCommit(text);
  }

  /** Every file at the revision, in all folders. */
  async listFiles(question: HubRepository, signal: AbortSignal): Promise<HubFile[]> {
    const { repository, revision } = question;
    const files: HubFile[] = [];
    let url = this.urlOf(
      `/api/models/${repository}/tree/${encodeURIComponent(revision)}?recursive=true`,
    );
    for (let page = 0; page < maxPages; page += 1) {
      const { text, next } = await this.readJson(url, question, signal);
      files.push(...readHubListing(text));
      if (next === null) return files;
      url = next;
    }
    throw new HubError('bad_answer', 'The hub’s list of files does not come to an end.');
  }

  /** Begins to read a file, from the offset on where the server can. The body must be read to its end or discarded. */
  async openFile(question: HubFileQuestion, signal: AbortSignal): Promise<HubFileBody> {
    const { file } = question;
    const { answer, hops } = await this.follow('resolve', question, signal);
    const isRefused = answer.status === 401 || answer.status === 403;
    // behind a redirect there is no token; a small file of a closed repository can be had without one
    if (!isRefused || hops === 0 || file.hashKind === 'sha256' || !this.isHub(answer.url))
      return this.accept(answer, question, signal);
    answer.discard();
    return this.accept((await this.follow('raw', question, signal)).answer, question, signal);
  }

  private async follow(
    kind: 'resolve' | 'raw',
    { repository, revision, file, offset, etag }: HubFileQuestion,
    signal: AbortSignal,
  ): Promise<{ answer: HubAnswer; hops: number }> {
    const path = file.path.split('/').map(encodeURIComponent).join('/');
    const headers: Record<string, string> = {};
    if (offset > 0) headers['range'] = `bytes=${offset}-`;
    if (offset > 0 && etag !== null) headers['if-range'] = etag;
    let url = this.urlOf(`/${repository}/${kind}/${encodeURIComponent(revision)}/${path}`);
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const own = hops === 0 ? this.credentials() : {};
      const answer = await askHub(this.egress, this.place, {
        url,
        headers: { ...headers, ...own },
        signal,
      });
      const { location } = answer.headers;
      if (hops === 0) assertSameFile(answer, file);
      if (answer.status < 300 || answer.status >= 400 || typeof location !== 'string')
        return { answer, hops };
      answer.discard();
      const target = redirectTarget(url, location, this.place);
      if (target === null)
        throw new HubError(
          'redirect_refused',
          'The hub redirects to an address that is not allowed: neither https nor, where SPILLWAY_HUB_PRIVATE_NETWORK is on, this machine.',
        );
      url = target;
    }
    throw new HubError('redirect_refused', `The hub redirects more than ${maxRedirects} times.`);
  }

  private accept(
    answer: HubAnswer,
    question: HubFileQuestion,
    signal: AbortSignal,
  ): Promise<HubFileBody> | HubFileBody {
    if (answer.status === 200 || answer.status === 206 || answer.status === 416)
      return readFileAnswer(answer, question, signal);
    answer.discard();
    const { repository, file } = question;
    throw refuseHubStatus(answer.status, answer.headers, {
      what: `${file.path} in ${repository}`,
      repository,
      hasToken: this.readToken() !== null,
      isHub: this.isHub(answer.url),
    });
  }

  /** `next` is the following page, at the hub itself. */
  private async readJson(
    url: URL,
    { repository, revision }: HubRepository,
    signal: AbortSignal,
  ): Promise<{ text: string; next: URL | null }> {
    const headers = { accept: 'application/json', ...this.credentials() };
    const answer = await askHub(this.egress, this.place, { url, headers, signal });
    if (answer.status !== 200) {
      answer.discard();
      throw refuseHubStatus(answer.status, answer.headers, {
        what: `${repository} with the revision ${revision}`,
        repository,
        hasToken: this.readToken() !== null,
        isHub: true,
      });
    }
    try {
      return { text: await readLimitedText(answer), next: this.nextPage(answer) };
    } catch (error) {
      throw toHubError(error, true, signal);
    }
  }

  private nextPage({ url, headers }: HubAnswer): URL | null {
    const link = [headers['link'] ?? []].flat().join(',');
    const next = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(link)?.[1];
    if (next === undefined) return null;
    const target = URL.canParse(next, url.href) ? new URL(next, url) : null;
    // the next request carries the token
    if (target !== null && this.isHub(target)) return target;
    throw new HubError(
      'bad_answer',
      'The hub’s list of files goes on at another address. Set SPILLWAY_HUB_URL to the address the hub knows itself by.',
    );
  }

  private urlOf(path: string): URL {
    return new URL(this.place.url + path);
  }

  private isHub({ origin }: URL): boolean {
    return origin === new URL(this.place.url).origin;
  }

  private credentials(): Record<string, string> {
    const token = this.readToken();
    return token === null ? {} : { authorization: `Bearer ${token}` };
  }
}
