import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EgressClient } from '../egress/egress-client.js';
import { listAnthropicModels } from './list-anthropic-models.js';

interface Heard {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Asks a server on this machine and answers what it heard. */
async function ask(
  credential: string | null,
  status = 200,
  body = '{"data":[{"type":"model","id":"claude-a"},{"type":"model","id":"claude-b"}],"has_more":false}',
): Promise<{ heard: Heard[]; models: Promise<string[]> }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    heard.push({ url: request.url, headers: request.headers });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const egress = new EgressClient();
  onTestFinished(async () => {
    await egress.close();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const models = listAnthropicModels(egress, { baseUrl, credential, allowPrivateNetwork: true });
  await models.catch(() => undefined);
  return { heard, models: models.then((list) => list.map(({ id }) => id)) };
}

describe('listAnthropicModels', () => {
  it('names the models, having shown the key in both styles', async () => {
    const { heard, models } = await ask('sk-ant-canary');
    expect(await models).toEqual(['claude-a', 'claude-b']);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.url).toMatch(/^\/v1\/models\b/);
    expect(heard[0]?.headers).toMatchObject({
      'x-api-key': 'sk-ant-canary',
      authorization: 'Bearer sk-ant-canary',
    });
    expect(heard[0]?.headers['anthropic-version']).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('shows no key where there is none', async () => {
    const { heard } = await ask(null);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.headers).not.toHaveProperty('x-api-key');
    expect(heard[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each(['sk-ant-canary', null])(
    'lets nothing out of the environment, with the key %j',
    async (credential) => {
      vi.stubEnv('ANTHROPIC_API_KEY', 'env-secret');
      vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'env-secret');
      vi.stubEnv('ANTHROPIC_BASE_URL', 'http://127.0.0.1:9/env-secret');
      vi.stubEnv(
        'ANTHROPIC_CUSTOM_HEADERS',
        'x-env: env-secret\nAuthorization: Bearer env-secret\nX-Api-Key: env-secret\nx-api-key: env-secret',
      );
      onTestFinished(() => void vi.unstubAllEnvs());
      const { heard } = await ask(credential);
      expect(heard).toHaveLength(1);
      expect(JSON.stringify(heard)).not.toContain('env-secret');
    },
  );

  it('reads no more than a list can be long', async () => {
    const body = `{"data":[],"pad":"${' '.repeat(8 * 1024 * 1024)}"}`;
    await expect((await ask('sk-ant-canary', 200, body)).models).rejects.toThrow();
  });

  it('asks once and fails with the status, when the key is refused', async () => {
    const body =
      '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}';
    const { heard, models } = await ask('sk-ant-wrong', 401, body);
    await expect(models).rejects.toMatchObject({ status: 401 });
    expect(heard).toHaveLength(1);
  });
});
