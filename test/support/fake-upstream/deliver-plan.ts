import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { SeenRequest } from './upstream-log.js';
import type { Plan } from './plan-answer.js';

/** An endless line is endless to any reader with a limit; ours stops so that a test ends. */
const endlessBytes = 96 * 1024 * 1024;

/** Writes an answer as planned and keeps the log entry up to date. Resolves when nothing more will be written. */
export async function deliverPlan(
  response: ServerResponse,
  plan: Plan,
  entry: SeenRequest,
): Promise<void> {
  response.once('close', () => {
    if (!response.writableFinished && entry.endedAt === null) entry.closedByClientAt = Date.now();
  });
  await pause(plan.firstMs);
  if (response.destroyed) return;
  if (plan.hasHead) {
    entry.status = plan.status;
    entry.billed = plan.billed;
    // a body of known length, or "chunked" for one that is still being made
    const isWhole =
      plan.frames.length <= 1 && plan.ending === 'complete' && plan.delivery === 'frames';
    const length = Buffer.byteLength(plan.frames.map(({ text }) => text).join(''));
    response.writeHead(plan.status, {
      ...plan.headers,
      ...(isWhole ? { 'content-length': String(length) } : {}),
    });
    response.flushHeaders();
    await writeFrames(response, plan, entry);
  }
  finish(response, plan, entry);
}

async function writeFrames(
  response: ServerResponse,
  plan: Plan,
  entry: SeenRequest,
): Promise<void> {
  if (plan.delivery === 'gzip') {
    response.write(gzipSync(plan.frames.map(({ text }) => text).join('')));
    return;
  }
  for (const { text, tokens } of plan.frames) {
    if (tokens > 0 && plan.betweenMs > 0) await pause(plan.betweenMs);
    if (response.destroyed) return;
    if (plan.delivery === 'bytes') await writeBytes(response, text);
    else response.write(text);
    entry.tokensSent += tokens;
  }
  if (plan.ending === 'endless') await writeEndlessly(response);
}

async function writeBytes(response: ServerResponse, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function writeEndlessly(response: ServerResponse): Promise<void> {
  const block = 'x'.repeat(256 * 1024);
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  for (let sent = 0; sent < endlessBytes && !response.destroyed; sent += block.length) {
    if (response.write(block)) continue;
    await once(response, 'drain', { signal: closed.signal }).catch(() => undefined);
  }
}

function finish(response: ServerResponse, plan: Plan, entry: SeenRequest): void {
  if (response.destroyed || plan.ending === 'hang') return;
  entry.endedAt = Date.now();
  const { socket } = response;
  switch (plan.ending) {
    case 'reset':
      // what was written must leave before the connection breaks
      setTimeout(() => socket?.resetAndDestroy(), 20);
      return;
    case 'close':
      if (plan.hasHead) response.end(() => socket?.destroy());
      else socket?.end();
      return;
    default:
      response.end();
  }
}

function pause(milliseconds: number): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
