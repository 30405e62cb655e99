import { EgressClient } from '#adapters';
import { protocols } from '#translation';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { translationTarget } from '../../../../../test/support/translation-target.js';
import { MediaFetcher } from './media-fetcher.service.js';

const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
const target = translationTarget('openai-chat', { isLocal: true, inputs: ['image'] });

/** Reaches loopback, which the real one refuses here. */
class LoopbackEgress extends EgressClient {
  override createFetch(): typeof fetch {
    return super.createFetch(true);
  }
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function asking(url: string) {
  return protocols['anthropic-messages'].decodeRequest(
    JSON.stringify({
      model: 'm',
      max_tokens: 1,
      messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }],
    }),
  );
}

function fetcher(egress: EgressClient = new LoopbackEgress()): MediaFetcher {
  onTestFinished(() => egress.close());
  return new MediaFetcher(egress);
}

describe('MediaFetcher', () => {
  it('puts bytes in the place of the URL, with the type they really have', async () => {
    let headers: Record<string, unknown> = {};
    const origin = await serve((request, response) => {
      headers = request.headers;
      response.setHeader('content-type', 'text/html').end(png);
    });
    const filled = await fetcher().inline(asking(`${origin}/x`), target, true);
    expect(filled?.turns[0]?.parts[0]).toMatchObject({
      mediaType: 'image/png',
      source: { type: 'bytes', base64: png.toString('base64') },
    });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('does nothing for a target that fetches by itself, or where there is no URL', async () => {
    const cloud = translationTarget('openai-chat', { inputs: ['image', 'image-url'] });
    expect(await fetcher().inline(asking('https://a.example/x.png'), cloud, false)).toBeNull();
  });

  it('does not fetch for a key that may not, and says how it could', async () => {
    await expect(fetcher().inline(asking('https://a.example/x'), target, false)).rejects.toThrow(
      /allow this key in the panel/,
    );
  });

  it('never reaches into this machine or its network', async () => {
    const origin = await serve((_, response) => response.end(png));
    for (const url of [
      `${origin}/x`,
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/',
    ]) {
      await expect(fetcher(new EgressClient()).inline(asking(url), target, true)).rejects.toThrow(
        /cannot be fetched/,
      );
    }
  });

  it.each<[string, RequestListener, RegExp]>([
    ['an error', (_, response) => response.writeHead(404).end(), /HTTP 404/],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /cannot be fetched/,
    ],
    ['something else', (_, response) => response.end('<html>'), /neither a PNG/],
    [
      'too much',
      (_, response) => {
        response.write(png);
        response.end(Buffer.alloc(21 * 1024 * 1024));
      },
      /larger than 20 MiB/,
    ],
  ])('refuses %s', async (_, listener, message) => {
    const origin = await serve(listener);
    await expect(fetcher().inline(asking(origin), target, true)).rejects.toThrow(message);
  });

  it('refuses other schemes', async () => {
    await expect(fetcher().inline(asking('file:///etc/passwd'), target, true)).rejects.toThrow(
      /only http and https/,
    );
  });
});
