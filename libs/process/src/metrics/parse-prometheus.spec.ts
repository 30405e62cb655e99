import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrometheus } from './parse-prometheus.js';

const read = (text: string, ...names: string[]) =>
  Object.fromEntries(parsePrometheus(text, new Set(names)));

describe('parsePrometheus', () => {
  it('reads plain samples, labels of all kinds, time stamps and numbers of all kinds', () => {
    const text = [
      '# HELP vllm:running Number of requests',
      '# TYPE vllm:running gauge',
      'vllm:running{model="a",note="x } y \\" 9 {"} 2.0',
      'vllm:running{model="b"} 1.5e+1 1700000000000',
      'plain 3\r',
      'spaced {a="b"}\t4',
      'negative -0.5',
      'other 9',
    ].join('\n');
    expect(read(text, 'vllm:running', 'plain', 'spaced', 'negative')).toEqual({
      'vllm:running': [2, 15],
      plain: [3],
      spaced: [4],
      negative: [-0.5],
    });
  });

  it.each(['a', 'a NaN', 'a +Inf', 'a {', 'a{b="c} 1', 'a one', '{} 1', 'a 1 2 3', ''])(
    'makes nothing of %j',
    (line) => {
      expect(read(line, 'a')).toEqual({});
    },
  );

  it('reads back whatever was written', () => {
    const label = fc.string({ unit: 'binary', maxLength: 20 });
    const escape = (text: string) =>
      text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    const isLine = (text: string) => !/[\r\n\u2028\u2029]/.test(escape(text));
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(label.filter(isLine), value)), (samples) => {
        const text = samples.map(([each, number]) => `a{l="${escape(each)}"} ${number}`).join('\n');
        const values = samples.map(([, number]) => Number(String(number)));
        expect(read(text, 'a')).toEqual(samples.length === 0 ? {} : { a: values });
      }),
    );
  });

  it('is done with a hostile line at once', () => {
    const started = performance.now();
    for (const text of [
      `a{${'"\\"'.repeat(200_000)}`,
      `a{${'x'.repeat(900_000)}`,
      'a '.repeat(400_000),
    ]) {
      expect(read(text, 'a')).toEqual({});
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
