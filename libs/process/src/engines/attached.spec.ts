import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeSpec } from '../../test/fake-engine-preset.js';
import { openSupervisor, patient } from '../../test/open-supervisor.js';
import { waitFor } from '../../test/process-checks.js';
import type { LocalModelSpec } from '../local-model-spec.js';
import { createAttachedPreset } from './attached.js';

const engines = [createAttachedPreset()];

/** A model server of the user; answers the ids it lists, and notes what it was asked. */
async function startServer(ids: string[]): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ object: 'list', data: ids.map((id) => ({ id })) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  return { endpoint: `http://127.0.0.1:${port}`, close };
}

const attachedSpec = (changes: Partial<LocalModelSpec>) =>
  fakeSpec({ engine: 'attached', ...changes });

describe('the attached preset', () => {
  it.each([
    null,
    'http://192.168.0.7:1234',
    'https://127.0.0.1:1234',
    'http://127.0.0.1',
    'http://user:pass@127.0.0.1:1234',
    'http://127.0.0.1:1234/v1',
    'http://127.0.0.1.example.org:1234',
    'nonsense',
  ])('refuses the endpoint %j', (endpoint) => {
    expect(createAttachedPreset().validate(attachedSpec({ endpoint }))).not.toBeNull();
  });

  it.each([
    'http://127.0.0.1:1234',
    'http://127.0.0.1:80',
    'http://localhost:1234',
    'http://[::1]:1234',
  ])('takes %s', (endpoint) => {
    expect(createAttachedPreset().validate(attachedSpec({ endpoint }))).toBeNull();
  });

  it('leases the first model a server lists, or the one that is named', async () => {
    const { endpoint } = await startServer(['qwen', 'llama']);
    const { supervisor } = await openSupervisor({}, { engines });
    const lease = await supervisor.acquire(attachedSpec({ endpoint }), patient());
    expect(lease).toMatchObject({ origin: endpoint, servedModel: 'qwen' });
    expect(supervisor.view('model-1').instance).toMatchObject({ pid: null, rssBytes: null });
    lease.release();
    const named = attachedSpec({ id: 'model-2', endpoint, upstreamModel: 'llama' });
    const second = await supervisor.acquire(named, patient());
    expect(second.servedModel).toBe('llama');
    second.release();
    await supervisor.stop('model-1');
    expect((await fetch(endpoint)).status).toBe(200);
  });

  it('fails at once when nothing listens, and soon looks again', async () => {
    const { endpoint, close } = await startServer(['qwen']);
    close();
    const { supervisor } = await openSupervisor({}, { engines });
    await expect(supervisor.acquire(attachedSpec({ endpoint }), patient())).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('Nothing answers at') as string,
    });
    await waitFor('it rests', () => supervisor.view('model-1').state === 'backoff');
  });

  it('says so when the server has no model', async () => {
    const { endpoint } = await startServer([]);
    const { supervisor } = await openSupervisor({}, { engines });
    await expect(supervisor.acquire(attachedSpec({ endpoint }), patient())).rejects.toMatchObject({
      message: expect.stringContaining('lists no model') as string,
    });
  });

  it('does not talk to a port the gateway forbids', async () => {
    const { endpoint } = await startServer(['qwen']);
    const { supervisor } = await openSupervisor(
      {},
      { engines, isLoopbackPortAllowed: () => false },
    );
    const refused = supervisor.acquire(attachedSpec({ endpoint }), patient());
    await expect(refused).rejects.toMatchObject({ code: 'start-failed' });
  });

  it('lets go of a server that went away', async () => {
    const { endpoint, close } = await startServer(['qwen']);
    const { supervisor } = await openSupervisor({}, { engines });
    (await supervisor.acquire(attachedSpec({ endpoint }), patient())).release();
    close();
    await supervisor.sweepHealth();
    await waitFor('it rests', () => supervisor.view('model-1').state === 'backoff');
  });
});
