import { describe, expect, it } from 'vitest';
import { ConfigurationChanges } from './configuration-changes.js';

describe('ConfigurationChanges', async () => {
  it('tells every listener what has changed, until it unsubscribes', async () => {
    const changes = new ConfigurationChanges();
    const heard: string[] = [];
    const stop = changes.subscribe((kind) => void heard.push(`a ${kind}`));
    changes.subscribe((kind) => void heard.push(`b ${kind}`));
    await changes.notify('routes');
    stop();
    await changes.notify('keys');

    expect(heard).toEqual(['a routes', 'b routes', 'b keys']);
  });
});
