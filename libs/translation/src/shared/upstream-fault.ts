import type { ErrorCode } from '../errors/error-codes.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { UpstreamFault } from '../protocol.js';
import {
  arrayAt,
  asRecord,
  recordAt,
  textAt,
  tryParse,
  type JsonRecord,
} from './json/json-access.js';

/** Longer messages are a page of HTML or a stack trace. */
const maxMessageChars = 2_000;

interface ErrorWords {
  readonly message: string | null;
  /** The upstream's `type` and `code`, lower case, for classification only. */
  readonly labels: readonly string[];
  readonly status: number | null;
  readonly path: string | null;
  readonly retryAfterMs?: number | null;
}

/**
 * Classifies an upstream's error answer of any shape; never throws. Providers and local engines mix shapes
 * freely (llama-server answers `/v1/messages` with OpenAI's), so one reader serves all protocols.
 */
export function readUpstreamFault(status: number, body: string): UpstreamFault {
  const words = readWords(tryParse(body), 0) ?? plainWords(body);
  const message = words.message ?? `The upstream answered with status ${status} and no message.`;
  return {
    code: classify(status, { ...words, message }),
    message: message.slice(0, maxMessageChars),
    path: words.path,
    retryAfterMs: words.retryAfterMs ?? null,
  };
}

/**
 * The error inside a 200 answer or a stream, or null when there is none. `{"error": null}` is none.
 * The status is guessed from the words, since HTTP said nothing.
 */
export function readInBandError(value: unknown): GatewayError | null {
  const record = asRecord(value);
  const error = record?.['error'];
  if (record === null || error === undefined || error === null || error === false) return null;
  return inBandError(record);
}

/** For an event that is known to be an error, whatever its shape. */
export function inBandError(value: unknown): GatewayError {
  const words = readWords(value, 0) ?? plainWords('');
  const message = words.message ?? 'The upstream reported an error without a message.';
  const code = classify(words.status, { ...words, message });
  return new GatewayError(code, message.slice(0, maxMessageChars), {
    path: words.path ?? undefined,
    retryAfterMs: words.retryAfterMs ?? undefined,
  });
}

function readWords(value: unknown, depth: number): ErrorWords | null {
  if (depth > 4) return null;
  if (Array.isArray(value)) return readValidationList(value) ?? readWords(value[0], depth + 1);
  const record = asRecord(value);
  if (record === null) return null;
  const nested = record['error'] ?? record['detail'];
  if (typeof nested === 'string' && nested !== '') return { ...ownWords(record), message: nested };
  if (typeof nested === 'object' && nested !== null) {
    const inner = readWords(nested, depth + 1);
    if (inner !== null) return inner;
  }
  const own = ownWords(record);
  return own.message === null && own.labels.length === 0 ? null : own;
}

function ownWords(record: JsonRecord): ErrorWords {
  const code = record['code'] ?? record['status_code'] ?? record['raw_status_code'];
  const status = typeof code === 'number' || typeof code === 'string' ? Number(code) : NaN;
  return {
    message: providerRawMessage(record) ?? textAt(record, 'message') ?? textAt(record, 'msg'),
    labels: [record['type'], record['code'], record['status'], ...detailReasons(record)]
      .filter((label) => typeof label === 'string')
      .map((label) => label.toLowerCase()),
    status: Number.isInteger(status) && status >= 300 && status < 600 ? status : null,
    path: textAt(record, 'param'),
    retryAfterMs: retryDelayMs(record),
  };
}

/** Google's `details[].reason` says more than its status: a bad key is a mere 400 there. */
function detailReasons(record: JsonRecord): unknown[] {
  return arrayAt(record, 'details').map((detail) => asRecord(detail)?.['reason']);
}

/** Google says it in the body alone: `details: [{"@type": "…RetryInfo", "retryDelay": "1.5s"}]`. */
function retryDelayMs(record: JsonRecord): number | null {
  const delays = arrayAt(record, 'details').map((detail) => textAt(asRecord(detail), 'retryDelay'));
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delays.find((delay) => delay !== null) ?? '')?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1_000);
}

/** OpenRouter wraps the provider's own body as a string: its words say more than "Provider returned error". */
function providerRawMessage(record: JsonRecord): string | null {
  const raw = textAt(recordAt(record, 'metadata'), 'raw');
  if (raw === null) return null;
  return readWords(tryParse(raw), 3)?.message ?? raw;
}

/** FastAPI's `detail: [{loc: ["body", "messages", 0], msg}]`. */
function readValidationList(items: readonly unknown[]): ErrorWords | null {
  const first = asRecord(items[0]);
  const message = textAt(first, 'msg');
  if (message === null) return null;
  const location = arrayAt(first, 'loc').filter((step) => step !== 'body');
  const path = location.filter((step) => typeof step !== 'object').join('.');
  return {
    message: path === '' ? message : `${path}: ${message}`,
    labels: [],
    status: null,
    path: path === '' ? null : path,
    retryAfterMs: null,
  };
}

function plainWords(body: string): ErrorWords {
  const text = body.trim();
  const isMarkup = text.startsWith('<');
  return {
    message: text === '' || isMarkup ? null : text,
    labels: [],
    status: null,
    path: null,
    retryAfterMs: null,
  };
}

const contextLabels = new Set(['context_length_exceeded', 'exceed_context_size_error']);
const contextMessage =
  /prompt is too long|maximum context length|context (?:length|window|size)[^.]{0,40}exceed|exceeds? the (?:available |model'?s? )?(?:maximum )?context|token count[^.]{0,40}exceeds the maximum|model_context_window_exceeded/i;

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'upstream_authentication_failed',
  402: 'upstream_authentication_failed',
  403: 'upstream_authentication_failed',
  404: 'upstream_error',
  408: 'upstream_timeout',
  409: 'upstream_error',
  413: 'request_too_large',
  429: 'upstream_rate_limited',
  503: 'upstream_overloaded',
  504: 'upstream_timeout',
  529: 'upstream_overloaded',
};

/** For errors that come without a status of their own, and 4xx that say more than their number. */
const codeByLabel: Readonly<Record<string, ErrorCode>> = {
  rate_limit_error: 'upstream_rate_limited',
  rate_limit_exceeded: 'upstream_rate_limited',
  insufficient_quota: 'upstream_rate_limited',
  overloaded_error: 'upstream_overloaded',
  server_is_overloaded: 'upstream_overloaded',
  unavailable_error: 'upstream_overloaded',
  timeout_error: 'upstream_timeout',
  authentication_error: 'upstream_authentication_failed',
  permission_error: 'upstream_authentication_failed',
  invalid_api_key: 'upstream_authentication_failed',
  request_too_large: 'request_too_large',
  api_key_invalid: 'upstream_authentication_failed',
  unauthenticated: 'upstream_authentication_failed',
  resource_exhausted: 'upstream_rate_limited',
  unavailable: 'upstream_overloaded',
  deadline_exceeded: 'upstream_timeout',
  not_found_error: 'upstream_error',
  model_not_found: 'upstream_error',
};

function classify(status: number | null, words: ErrorWords): ErrorCode {
  const mayBeContext =
    status === null || status === 400 || status === 413 || status === 422 || status === 500;
  const saysContext = words.labels.some((label) => contextLabels.has(label));
  if (saysContext || (mayBeContext && contextMessage.test(words.message ?? '')))
    return 'context_length_exceeded';
  const byStatus = status === null ? undefined : codeByStatus[status];
  if (byStatus !== undefined) return byStatus;
  if (status !== null && status >= 500) return 'upstream_error';
  if (status !== null && status >= 300 && status < 400) return 'upstream_redirect';
  for (const label of words.labels) {
    const code = Object.hasOwn(codeByLabel, label) ? codeByLabel[label] : undefined;
    if (code !== undefined) return code;
  }
  const isRejection = status !== null || words.labels.includes('invalid_request_error');
  return isRejection ? 'upstream_rejected' : 'upstream_error';
}
