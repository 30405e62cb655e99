import { protocols } from '#translation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditableBody } from './editable-body.js';

const chat = protocols['openai-chat'];

describe('EditableBody', () => {
  it('changes the model name and nothing else, and is put back byte for byte for the next attempt', () => {
    const name = fc.string({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        name,
        fc.array(name, { minLength: 1, maxLength: 3 }),
        fc.jsonValue(),
        (model, targets, extra) => {
          const request = {
            messages: [{ role: 'user', content: 'hi' }],
            extra,
            model,
            temperature: 1,
          };
          const bytes = Buffer.from(JSON.stringify(request));
          const copy = Buffer.from(bytes);
          const body = new EditableBody(bytes);
          for (const upstream of targets) {
            const sent = body.withEdits(
              chat.passthroughEdits(chat.readEnvelope(body.original), upstream),
            );
            expect(JSON.parse(sent.toString('utf8'))).toEqual(
              JSON.parse(JSON.stringify({ ...request, model: upstream })),
            );
          }
          expect(body.original.equals(copy)).toBe(true);
        },
      ),
    );
  });

  it('keeps the length when the new name is shorter, so that nothing is copied', () => {
    const bytes = Buffer.from('{"model":"a-long-name","messages":[]}');
    const body = new EditableBody(bytes);
    const sent = body.withEdits(chat.passthroughEdits(chat.readEnvelope(bytes), 'short'));
    expect(sent).toBe(bytes);
    expect(sent.toString('utf8')).toBe('{"model":"short"      ,"messages":[]}');
  });
});
