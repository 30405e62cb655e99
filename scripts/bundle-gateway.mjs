import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * What stays a package of its own: native code, what is loaded by name at run time, and what keeps a register that must
 * exist once.
 */
const external = [
  'sqlite3',
  'typeorm',
  'reflect-metadata',
  'class-validator',
  'class-transformer',
  // asked for only where an application uses them; this one does not
  '@fastify/multipart',
  '@fastify/secure-session',
  '@fastify/view',
  /^@nestjs\/(microservices|websockets|platform-express|platform-socket\.io)/,
];

/** V8 keeps a source with a single wide character in twice the memory. @param {string} code */
const narrow = (code) =>
  code.replace(
    /[^\0-\xff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * Puts the compiled gateway and its packages into `dist/gateway/main.js`: loading two thousand files took half of the
 * start.
 * @param {string} root the package's folder
 */
export async function bundleGateway(root) {
  const rxjs = join(root, 'node_modules/rxjs/dist/esm');
  const bundle = await rolldown({
    cwd: root,
    input: join(root, 'dist/apps/api/src/main.js'),
    platform: 'node',
    external,
    // the build with real classes; Node itself would be given the one for ES5
    resolve: {
      alias: { 'rxjs/operators': `${rxjs}/operators/index.js`, rxjs: `${rxjs}/index.js` },
    },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: 'main.js',
    // a file that is needed later would be gone when the gateway is built anew while it runs
    codeSplitting: false,
    sourcemap: true,
    comments: false,
  });
  await bundle.close();
  const folder = join(root, 'dist/gateway');
  mkdirSync(folder, { recursive: true });
  for (const file of output) {
    const path = join(folder, file.fileName);
    // whole or not at all: two gateways may be started, and built, at the same time
    writeFileSync(
      `${path}.${process.pid}`,
      file.type === 'chunk' ? narrow(file.code) : file.source,
    );
    renameSync(`${path}.${process.pid}`, path);
  }
}
