/**
 * The floor: the least a gateway in this language can do. node:http server, undici `Pool.dispatch`, bytes in, bytes
 * out, no features. It needs nothing but this repository, so ratios to it can be taken everywhere.
 * Run: `node bench/floor.mjs --upstream-port 9100 [--port 9200]`.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, 'upstream-port': { type: 'string' } },
});
const pool = new Pool(`http://127.0.0.1:${values['upstream-port']}`, {
  connections: 16_384,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
});

/** Passes an answer on as it comes, with back-pressure. */
class PassThrough {
  /** @param {import('node:http').ServerResponse} response */
  constructor(response) {
    this.response = response;
    /** @type {import('undici').Dispatcher.DispatchController | null} */
    this.controller = null;
    response.on('close', () => {
      if (!response.writableFinished) this.controller?.abort(new Error('the client hung up'));
    });
    response.on('drain', () => this.controller?.resume());
  }

  /** @param {import('undici').Dispatcher.DispatchController} controller */
  onRequestStart(controller) {
    this.controller = controller;
  }

  /**
   * @param {import('undici').Dispatcher.DispatchController} _controller
   * @param {number} status
   * @param {Record<string, string | string[] | undefined>} headers
   */
  onResponseStart(_controller, status, headers) {
    const {
      'transfer-encoding': _coding,
      connection: _connection,
      'keep-alive': _keepAlive,
      ...passed
    } = headers;
    this.response.writeHead(
      status,
      /** @type {import('node:http').OutgoingHttpHeaders} */ (passed),
    );
    if (headers['content-length'] === undefined) this.response.flushHeaders();
  }

  /** @param {import('undici').Dispatcher.DispatchController} controller @param {Buffer} chunk */
  onResponseData(controller, chunk) {
    if (!this.response.write(chunk)) controller.pause();
  }

  onResponseEnd() {
    this.response.end();
  }

  /** @param {unknown} _controller @param {Error} error */
  onResponseError(_controller, error) {
    if (this.response.headersSent) this.response.destroy();
    else this.response.writeHead(502).end(error.message);
  }
}

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const [first] = pieces;
    const body = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
    const { method = 'GET', url = '/', headers } = request;
    const type = headers['content-type'] ?? 'application/json';
    pool.dispatch(
      {
        method: /** @type {import('undici').Dispatcher.HttpMethod} */ (method),
        path: url,
        headers: { 'content-type': type },
        body: method === 'GET' ? null : body,
      },
      new PassThrough(response),
    );
  });
});
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`listening ${port}\n`);
  process.send?.({ port });
});
process.on('disconnect', () => process.exit(0));
