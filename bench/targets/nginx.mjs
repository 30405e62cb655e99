import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchChild, freePort, waitForOk } from '../harness/child-process.mjs';
import { openFileLimit } from '../harness/placement.mjs';
import { passThroughPlan, probe } from './target.mjs';

export const NGINX_BINARY = '/usr/sbin/nginx';

/** @param {{ folder: string, port: number, mockPort: number }} place */
function configuration({ folder, port, mockPort }) {
  const connections = Math.min(40_000, openFileLimit() ?? 1024);
  const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  return `${process.getuid?.() === 0 ? 'user root;\n' : ''}worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
worker_rlimit_nofile ${connections};
events { worker_connections ${connections - 64}; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_max_body_size 64m;
${temporaryPaths}
  upstream mock {
    server 127.0.0.1:${mockPort};
    keepalive 8192;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering off;
      client_body_buffer_size 512k;
      proxy_read_timeout 300s;
    }
  }
}
`;
}

/** @type {import('./target.mjs').Target} */
export const nginx = {
  name: 'nginx',
  features:
    'one worker, keep-alive to the upstream, no buffering, no access log; no key, no limit, no record',
  async start({ rig, temporaryFolder, models }) {
    if (!existsSync(NGINX_BINARY))
      throw new Error(`${NGINX_BINARY} is missing (Debian: apt-get install nginx-light)`);
    const folder = join(temporaryFolder, 'nginx');
    mkdirSync(folder);
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration({ folder, port, mockPort: rig.mockPort }));
    const child = new BenchChild('gateway', [
      NGINX_BINARY,
      '-p',
      folder,
      '-e',
      join(folder, 'error.log'),
      '-c',
      file,
    ]);
    const wish = /** @type {const} */ ({
      client: 'openai-chat',
      upstream: 'openai-chat',
      model: models[0] ?? 'mock',
    });
    const plan = /** @type {import('./target.mjs').CallPlan} */ (passThroughPlan(wish));
    const firstOkMs = await waitForOk(() => probe(port, plan, wish.client), child, {
      timeoutMs: 10_000,
      everyMs: 5,
    });
    return {
      port,
      pids: [child.pid],
      version: spawnSync(NGINX_BINARY, ['-v'], { encoding: 'utf8' })
        .stderr.trim()
        .replace(/^.*: /, ''),
      firstOkMs,
      plan: passThroughPlan,
      stop: () => child.stop(),
    };
  },
};
