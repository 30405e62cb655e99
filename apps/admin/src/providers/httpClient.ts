import { toHttpError } from './apiError.js';

interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly json: unknown;
}

/**
 * Talks to the management API on the panel's own origin. The session lives in an `HttpOnly` cookie the
 * browser sends along, so no script ever holds the token.
 * @throws HttpError with the server's own words and field errors
 */
export async function httpClient(url: string, options: RequestInit = {}): Promise<HttpAnswer> {
  const method = options.method ?? 'GET';
  const headers = new Headers(options.headers);
  headers.set('accept', 'application/json');
  // the API refuses changes in any other content type, which also keeps HTML forms of other sites out
  if (method !== 'GET') headers.set('content-type', 'application/json');
  const body = method === 'GET' ? null : (options.body ?? '{}');

  const response = await fetch(url, {
    ...options,
    headers,
    body,
    credentials: 'same-origin',
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw toHttpError(0, '', null);
  });
  const text = await response.text();
  const json = parseJson(text);
  if (!response.ok) throw toHttpError(response.status, response.statusText, json);
  return { status: response.status, headers: response.headers, body: text, json };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
