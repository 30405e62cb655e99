import { describe, expect, it } from 'vitest';
import { messageOf, toHttpError } from './apiError.js';

const body = (details: readonly { path: string; message: string }[]) => ({
  error: { code: 'invalid_request', message: 'Two fields are wrong.', details },
});

describe('toHttpError', () => {
  it('speaks with the words of the server', () => {
    const error = toHttpError(409, 'Conflict', {
      error: { code: 'conflict', message: 'The name is taken.' },
    });
    expect(error.message).toBe('The name is taken.');
    expect(error.status).toBe(409);
    expect(error.body).toEqual({ code: 'conflict' });
  });

  it('puts each detail at the input it names, also inside arrays', () => {
    const error = toHttpError(
      400,
      'Bad Request',
      body([
        { path: 'targets[1].providerId', message: 'no such provider' },
        { path: 'name', message: 'is required' },
      ]),
    );
    expect(error.body.errors).toEqual({
      root: { serverError: 'Two fields are wrong.' },
      targets: { 1: { providerId: 'no such provider' } },
      name: 'is required',
    });
  });

  it('says something useful when the answer is not JSON or there is none', () => {
    expect(toHttpError(502, 'Bad Gateway', null).message).toContain('502 (Bad Gateway)');
    expect(toHttpError(0, '', null).message).toContain('does not answer');
  });
});

describe('messageOf', () => {
  it('takes the text of anything that was thrown', () => {
    expect(messageOf(new Error('broken'))).toBe('broken');
    expect(messageOf('plain text')).toBe('plain text');
  });
});
