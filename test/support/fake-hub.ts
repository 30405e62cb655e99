import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerApi } from './fake-hub/answer-api.js';
import { deliverFile, type HubFault } from './fake-hub/deliver-file.js';
import type { FakeRepository, HubContent, SeenRequest } from './fake-hub/hub-content.js';

/**
 * A hub on loopback that speaks as huggingface.co does: an API for revisions and lists of files, `resolve` addresses
 * that redirect small files within the hub and large ones to a file store on another port, with a signature.
 */
export class FakeHub implements HubContent {
  readonly requests: SeenRequest[] = [];
  readonly repositories = new Map<string, FakeRepository>();
  /** What goes wrong with a request; null = nothing. */
  fault: (request: SeenRequest) => HubFault | null = () => null;
  /** So many files a page of a list. */
  pageSize = 1000;
  private readonly servers: Server[] = [];
  url = '';
  storeUrl = '';

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    hub.url = await hub.listen('hub');
    hub.storeUrl = await hub.listen('store');
    return hub;
  }

  /** @returns its commit */
  add(
    name: string,
    files: Readonly<Record<string, string | Buffer>>,
    access: FakeRepository['access'] = 'public',
  ): string {
    const commit = createHash('sha1').update(name).update(JSON.stringify(files)).digest('hex');
    const listed = Object.entries(files).map(([path, content]) => ({
      path,
      content: Buffer.from(content as string),
      isLarge: /\.(gguf|safetensors|bin)$/.test(path),
    }));
    this.repositories.set(name, { commit, files: listed, access });
    return commit;
  }

  /** Paths asked of one of the servers, without their queries. */
  paths(server: SeenRequest['server']): string[] {
    return this.requests
      .filter((request) => request.server === server)
      .map(({ path }) => path.split('?')[0] ?? '');
  }

  reset(): void {
    this.requests.length = 0;
    this.fault = () => null;
    this.pageSize = 1000;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.servers.map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  private async listen(name: SeenRequest['server']): Promise<string> {
    const server = createServer((request, response) => {
      const seen = { server: name, path: request.url ?? '/', headers: request.headers };
      this.requests.push(seen);
      const fault = this.fault(seen);
      if (fault?.status !== undefined) {
        response.writeHead(fault.status, fault.headers ?? {});
        response.end(fault.body ?? '');
        return;
      }
      const answered = name === 'hub' && answerApi(this, seen, response);
      if (!answered) deliverFile({ hub: this, seen, fault, response });
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
