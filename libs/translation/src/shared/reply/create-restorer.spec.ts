import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanonicalResponse } from '../../canonical/response.js';
import type { CanonicalEvent } from '../../canonical/stream-event.js';
import { unknownUsage } from '../../canonical/usage.js';
import { collectStream } from '../stream/collect-stream.js';
import { createRestorer, restoreResponse } from './create-restorer.js';
import { FreeformInput } from './freeform-input.js';
import { responseEvents } from './response-events.js';
import { nothingToRestore, type Restoration } from './restoration.js';
import { StopCutter } from './stop-cutter.js';

/** Cuts a text into pieces at arbitrary places. */
const cuts = fc.array(fc.nat(), { maxLength: 8 });
function cut(text: string, places: readonly number[]): string[] {
  const marks = [...new Set(places.map((place) => place % (text.length + 1)))].sort(
    (a, b) => a - b,
  );
  return [0, ...marks].map((start, index) => text.slice(start, marks[index] ?? text.length));
}

const answer: CanonicalResponse = {
  id: 'id',
  model: 'm',
  createdAtSeconds: 1,
  parts: [
    { type: 'reasoning', text: 'STOP', opaque: null },
    { type: 'text', text: 'one STOP two', citations: [] },
    { type: 'tool-call', id: 'c1', name: 'wire', argumentsText: '{"input":"a\\nb"}' },
    { type: 'tool-call', id: 'c2', name: 'plain', argumentsText: '{"x":1.0}' },
  ],
  finishReason: 'tool-calls',
  finishDetail: null,
  usage: unknownUsage,
};

describe('restoreResponse', () => {
  it('leaves an answer as it is where nothing was bent', () => {
    expect(restoreResponse(answer, nothingToRestore)).toEqual(answer);
  });

  it('gives tools their names back and freeform tools their text', () => {
    const tools = new Map([['wire', { name: 'a.b', namespace: 'ns', isFreeform: true }]]);
    const restored = restoreResponse(answer, { ...nothingToRestore, tools });
    expect(restored.parts.slice(2)).toEqual([
      {
        type: 'tool-call',
        id: 'c1',
        name: 'a.b',
        namespace: 'ns',
        isFreeform: true,
        argumentsText: 'a\nb',
      },
      answer.parts[3],
    ]);
  });

  it('cuts the text at a stop string, not the thinking, and keeps the usage', () => {
    const restored = restoreResponse(answer, { ...nothingToRestore, stopSequences: ['STOP'] });
    expect(restored.parts).toEqual([answer.parts[0], { ...answer.parts[1], text: 'one ' }]);
    expect(restored).toMatchObject({ finishReason: 'stop-sequence', finishDetail: 'STOP' });
  });
});

describe('createRestorer', () => {
  it('gives the same for a stream, however it is cut, as for the whole answer', () => {
    const restoration: Restoration = {
      tools: new Map([['wire', { name: 'w', namespace: null, isFreeform: true }]]),
      stopSequences: ['###', 'end'],
    };
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('#', 'e', 'n', 'd', ' ', 'é') }),
        fc.string({ unit: 'binary' }),
        cuts,
        (text, input, places) => {
          const whole: CanonicalResponse = {
            ...answer,
            parts: [
              {
                type: 'tool-call',
                id: null,
                name: 'wire',
                argumentsText: JSON.stringify({ input }),
              },
              { type: 'text', text, citations: [] },
            ],
          };
          const events = responseEvents(whole).flatMap((event): CanonicalEvent[] =>
            event.type === 'part-delta'
              ? cut(event.text, places).map((piece) => ({ type: 'part-delta', text: piece }))
              : [event],
          );
          const streamed = collectStream(events.flatMap(createRestorer(restoration)));
          expect(streamed).toEqual(restoreResponse(whole, restoration));
          expect(streamed.parts[0]).toMatchObject({ argumentsText: input });
        },
      ),
    );
  });
});

describe('FreeformInput', () => {
  const read = (...pieces: string[]): string => {
    const reader = new FreeformInput();
    return pieces.map((piece) => reader.push(piece)).join('') + reader.end();
  };

  it('unwraps the member while it streams', () => {
    const reader = new FreeformInput();
    expect([
      reader.push('{"in'),
      reader.push('put": "ab'),
      reader.push('c\\'),
      reader.push('n'),
    ]).toEqual(['', 'ab', 'c', '\n']);
  });

  it('gives back what is no such object as it was written', () => {
    expect(read('*** Begin ', 'Patch')).toBe('*** Begin Patch');
    expect(read('{"other":1}')).toBe('{"other":1}');
    expect(read('{"x":1,"input":"late"}')).toBe('late');
  });

  it('gives out what came before an answer was cut', () => {
    expect(read('{"input":"half \\u00')).toBe('half ');
  });

  it('never splits a surrogate pair that was written as two escapes', () => {
    const reader = new FreeformInput();
    expect(reader.push('{"input":"\\ud83d')).toBe('');
    expect(reader.push('\\ude00"}')).toBe('😀');
  });
});

describe('StopCutter', () => {
  it('holds back only what may become a stop string', () => {
    const cutter = new StopCutter(['###']);
    expect([cutter.push('a#'), cutter.push('b##'), cutter.push('#c'), cutter.end()]).toEqual([
      'a',
      '#b',
      '',
      '',
    ]);
    expect(cutter.hit).toBe('###');
  });

  it('takes the first of several that stands in the text', () => {
    const cutter = new StopCutter(['later', 'at']);
    expect(cutter.push('cat later') + cutter.end()).toBe('c');
    expect(cutter.hit).toBe('at');
  });
});
