import { expect } from 'vitest';
import {
  errorCodes,
  type ErrorCode,
  type ErrorRow,
} from '../../libs/translation/src/errors/error-codes.js';
import type { UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';

interface OpenaiError {
  readonly error: { readonly message: string; readonly type: string; readonly code: string };
}

interface AnthropicError {
  readonly type: string;
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string;
}

/**
 * Checks that an answer is this error, in the shape of the protocol, in words that help.
 * @returns the message.
 */
export async function expectError(
  protocol: UpstreamProtocol,
  response: Response,
  code: ErrorCode,
): Promise<string> {
  const text = await response.text();
  const row: ErrorRow = errorCodes[code];
  const isAnthropic = protocol === 'anthropic-messages';
  expect(`${response.status} ${text}`).toContain(
    String(isAnthropic ? (row.anthropicStatus ?? row.status) : row.status),
  );
  expect(response.headers.get('content-type')).toContain('application/json');
  const message = readers[protocol](text, row, code);
  expect(message.length).toBeGreaterThan(10);
  expect(message).not.toMatch(/ at .*\.(js|ts):\d+/);
  return message;
}

function readOpenai(text: string, row: ErrorRow, code: ErrorCode): string {
  const { error } = JSON.parse(text) as OpenaiError;
  expect(error).toMatchObject({ type: row.openaiType, code });
  return error.message;
}

function readAnthropic(text: string, row: ErrorRow): string {
  const body = JSON.parse(text) as AnthropicError;
  expect(body).toMatchObject({ type: 'error', error: { type: row.anthropicType } });
  expect(body.request_id).toMatch(/^req_/);
  return body.error.message;
}

function readGemini(text: string, row: ErrorRow): string {
  const { error } = JSON.parse(text) as {
    error: { code: number; message: string; status: string };
  };
  expect(error).toMatchObject({ code: row.status, status: row.geminiStatus });
  return error.message;
}

type Reader = (text: string, row: ErrorRow, code: ErrorCode) => string;

const readers: Readonly<Record<UpstreamProtocol, Reader>> = {
  'openai-chat': readOpenai,
  'openai-responses': readOpenai,
  'anthropic-messages': readAnthropic,
  'gemini-generate': readGemini,
};
