import { describe, expect, it } from 'vitest';
import { ConfigurationChanges } from './configuration-changes.js';

describe('ConfigurationChanges', () => {
  it('tells every listener what has changed, until it unsubscribes', () => {
    const changes = new ConfigurationChanges();
    const heard: string[] = [];
    const stop = changes.subscribe((kind) => heard.push(`a ${kind}`));
    changes.subscribe((kind) => heard.push(`b ${kind}`));
    changes.notify('routes');
    stop();
    changes.notify('keys');

    expect(heard).toEqual(['a routes', 'b routes', 'b keys']);
  });
});
