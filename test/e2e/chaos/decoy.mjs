/**
 * A process of somebody else: it has the command line of an engine and answers on a port as if it were one. Notes in its
 * journal what it is sent, requests and signals: `node decoy.mjs JOURNAL --host 127.0.0.1 --port PORT …`.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , journal, ...flags] = process.argv;
const note = (line) => appendFileSync(journal, `${line}\n`);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGCONT', 'SIGUSR2'])
  process.on(signal, () => note(`signal ${signal}`));

const server = createServer((request, response) => {
  note(`request ${request.method} ${request.url}`);
  response.end(JSON.stringify({ status: 'ok', data: [{ id: 'somebody-else' }] }));
});
server.listen(Number(flags[flags.indexOf('--port') + 1]), '127.0.0.1', () => note('listens'));
