#!/usr/bin/env node
// CommonJS on purpose: the size of libuv's thread pool can only be set before anything else is loaded, and
// SQLite, DNS look-ups and the file system share those threads.
'use strict';
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const v8 = require('node:v8');

const [major, minor] = process.versions.node.split('.').map(Number);
const isSupported =
  (major === 20 && minor >= 20) ||
  (major === 22 && minor >= 22) ||
  (major === 24 && minor >= 13) ||
  major > 24;
if (!isSupported) {
  console.error(
    `Spillway needs Node.js >=20.20 <21, >=22.22 or >=24.13; this is ${process.version}. Install a newer one from https://nodejs.org.`,
  );
  process.exit(1);
}
process.env.UV_THREADPOOL_SIZE ??= '12';

// What a request has made is garbage moments later. The first, slow requests teach V8 otherwise: it then puts their kind of
// object among the old ones, where they keep alive whatever they point to. That cost a tenth of the CPU, and pauses of 8 ms.
v8.setFlagsFromString('--no-allocation-site-pretenuring');

// A full collection is due when the heap has doubled. V8 counts the bytes of request bodies as growth, and after a quiet
// minute allows only a few megabytes of it: every other body of 20 MB then paid for a full collection, twice its CPU.
// See docs/decisions/2026-11-22-the-heap-may-double.md.
v8.setFlagsFromString('--heap-growing-percent=100');
// Young buffers are collected alone from 32 MB on, as elsewhere; this version would wait for 128 MB, and at 64 MB collect all.
if (major === 24) v8.setFlagsFromString('--scavenger-max-new-space-capacity-mb=8');

const root = path.resolve(__dirname, '..');
const build = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--if-needed'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
// where Node can, it keeps the compiled code of an earlier start (22.1 and later)
require('node:module').enableCompileCache?.(path.join(root, 'dist/.compile-cache'));
import(pathToFileURL(path.join(root, 'dist/gateway/main.js')).href)
  .then(() => {
    // Node 20 has no compiler between the quick one and the one that optimises, so a gateway that is little used stays slow for
    // long: with a quarter of the usual budget the first event of a stream comes a fifth earlier. Not for the start, which would
    // take longer.
    if (major === 20) v8.setFlagsFromString('--interrupt-budget=16000');
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
