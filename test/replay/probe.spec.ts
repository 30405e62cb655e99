import { it } from 'vitest';
import { GatewayError, protocols } from '#translation';
import { readRecordings, recordingsFolder, isInference } from './recordings.js';
import { translationTarget } from '../support/translation-target.js';
import { addressOf } from './check-passthrough.js';
it('x', () => {
  const m = new Map<string, string[]>();
  for (const e of readRecordings(recordingsFolder() ?? '')) {
    const own = (protocols as any)[e.protocol];
    if (!own || !isInference(e)) continue;
    for (const up of Object.values(protocols))
      for (const isLocal of [false, true]) {
        const add = (k: string) => {
          const kk =
            `${own.id} -> ${up.id}${isLocal ? ' local' : ''}: ` +
            k.replace(/"[^"]*"/g, '"…"').replace(/\d+/g, 'N');
          m.set(kk, [...(m.get(kk) ?? []), e.id + '/' + e.response.status]);
        };
        try {
          const r = up.encodeRequest(
            own.decodeRequest(JSON.stringify(e.request.body), addressOf(e)),
            translationTarget(up.id, { isLocal }),
          );
          for (const w of r.warnings) add(`  W ${w.code} ${w.path} ${w.detail}`);
        } catch (x) {
          if (!(x instanceof GatewayError)) throw x;
          add(`REFUSED ${x.path} ${x.message}`);
        }
      }
  }
  for (const [k, v] of [...m].sort()) console.log(v.length, k, v[0]);
}, 300000);
