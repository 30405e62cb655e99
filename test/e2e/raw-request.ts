import { request } from 'node:http';

export interface RawRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written piece by piece as fast as the other side reads, until it answers. */
  readonly pieces?: Iterable<Buffer | string>;
}

/** One exchange with an answer that may come before the request is whole. */
export function sendRaw(origin: string, options: RawRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(origin + options.path, {
      method: options.method ?? 'POST',
      headers: options.headers ?? {},
      agent: false,
    });
    let hasAnswer = false;
    outgoing.once('response', (incoming) => {
      hasAnswer = true;
      const body: Buffer[] = [];
      const done = (): void => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(incoming.headers))
          headers.set(name, String(value));
        resolve(new Response(Buffer.concat(body), { status: incoming.statusCode ?? 0, headers }));
      };
      incoming.on('data', (piece: Buffer) => body.push(piece));
      incoming.once('end', done);
      incoming.once('error', done);
    });
    outgoing.on('error', (error) => {
      if (!hasAnswer) reject(error);
    });
    void writePieces();

    async function writePieces(): Promise<void> {
      for (const piece of options.pieces ?? []) {
        if (hasAnswer || outgoing.destroyed) break;
        if (outgoing.write(piece)) continue;
        await new Promise((next) => {
          outgoing.once('drain', next);
          outgoing.once('close', next);
          outgoing.once('response', next);
        });
      }
      // a request that promised more than it sends stays open until it is answered
      if (options.headers?.['content-length'] === undefined) outgoing.end();
    }
  });
}
