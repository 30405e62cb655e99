import { it } from 'vitest';
import { readRecordings, recordingsFolder } from './recordings.js';
import { replayExchange } from './replay.js';
it('x', () => {
  const t = Date.now();
  const all = readRecordings(recordingsFolder() ?? '');
  const rows = new Map<string, [number, number, number]>();
  const classes = new Map<string, string[]>();
  for (const e of all)
    for (const o of replayExchange(e)) {
      const key = `${o.check} ${o.client} <- ${o.upstream} ${o.isStreamed ? 'S' : 'w'}`;
      const row = rows.get(key) ?? [0, 0, 0];
      row[o.problems.length === 0 ? (o.isRefused ? 2 : 0) : 1] += 1;
      rows.set(key, row);
      for (const p of o.problems) {
        const c = `${key} :: ${p
          .replace(/"[^"]*"/g, '"…"')
          .replace(/[0-9]+/g, 'N')
          .slice(0, 70)}`;
        classes.set(c, [...(classes.get(c) ?? []), o.id + ' ' + p.slice(0, 400)]);
      }
    }
  for (const [k, v] of [...rows].sort()) console.log(k, v.join(' '));
  for (const [k, v] of [...classes].sort())
    console.log(v.length, k, '\n     ', v[0], '\n      ', v[1] ?? '');
  console.log(Date.now() - t, 'ms');
}, 300000);
