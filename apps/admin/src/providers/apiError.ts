import { HttpError } from 'react-admin';

interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

interface ErrorBody {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly details?: readonly ErrorDetail[];
  };
}

type FieldErrors = { [field: string]: string | FieldErrors };

/**
 * Turns the error body of the management API into the error react-admin understands: its message is shown
 * as a notification, and each entry of `details` stands at the input it names.
 * @param body what the server answered, already parsed; null when it was not JSON
 */
export function toHttpError(status: number, statusText: string, body: unknown): HttpError {
  const error = isErrorBody(body) ? body.error : undefined;
  const message = error?.message ?? fallbackMessage(status, statusText);
  const errors = toFieldErrors(error?.details ?? [], message);
  return new HttpError(message, status, { code: error?.code ?? null, ...(errors && { errors }) });
}

/** The text of anything that was thrown, for a place that shows one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `targets[1].providerId` → `{ targets: { 1: { providerId: message } } }`, the shape forms expect. */
function toFieldErrors(details: readonly ErrorDetail[], message: string): FieldErrors | null {
  if (details.length === 0) return null;
  // without this entry a detail about a field the form does not show would be lost
  const errors: FieldErrors = { root: { serverError: message } };
  for (const detail of details) {
    const keys = detail.path.split(/[.[\]]+/).filter((key) => key !== '');
    const last = keys.pop();
    if (last !== undefined) descend(errors, keys)[last] = detail.message;
  }
  return errors;
}

function descend(errors: FieldErrors, keys: readonly string[]): FieldErrors {
  let level = errors;
  for (const key of keys) {
    const next = level[key];
    const child: FieldErrors = typeof next === 'object' ? next : {};
    level[key] = child;
    level = child;
  }
  return level;
}

function fallbackMessage(status: number, statusText: string): string {
  if (status === 0) return 'The gateway does not answer. Is Spillway still running?';
  return `The gateway answered ${status}${statusText === '' ? '' : ` (${statusText})`} without an explanation.`;
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'error' in body;
}
