import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedRequest {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

export interface ScriptedUpstream {
  readonly origin: string;
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

/** A server that answers as the function says, whatever the protocol, and keeps what it was asked. */
export async function startScriptedUpstream(
  answer: (request: ScriptedRequest) => ScriptedAnswer,
): Promise<ScriptedUpstream> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(pieces).toString('utf8'),
      };
      requests.push(seen);
      const { status = 200, type = 'application/json', body } = answer(seen);
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
