import { GatewayError, type ErrorCode } from '#translation';

interface Description {
  readonly code: ErrorCode;
  readonly text: string;
  /** Was the request sent, so that the upstream may have billed it? */
  readonly wasSent?: true;
}

/** Error codes of Node's sockets and of undici, in our words. */
const known: Readonly<Record<string, Description>> = {
  ECONNREFUSED: { code: 'upstream_unreachable', text: 'the connection was refused' },
  ENOTFOUND: { code: 'upstream_unreachable', text: 'its host name does not resolve' },
  EAI_AGAIN: { code: 'upstream_unreachable', text: 'its host name could not be resolved just now' },
  EHOSTUNREACH: { code: 'upstream_unreachable', text: 'its host cannot be reached' },
  ENETUNREACH: { code: 'upstream_unreachable', text: 'its network cannot be reached' },
  ETIMEDOUT: { code: 'upstream_unreachable', text: 'the connection timed out' },
  UND_ERR_CONNECT_TIMEOUT: { code: 'upstream_unreachable', text: 'the connection timed out' },
  UND_ERR_HEADERS_TIMEOUT: {
    code: 'upstream_timeout',
    text: 'it did not begin to answer in time',
    wasSent: true,
  },
  UND_ERR_BODY_TIMEOUT: {
    code: 'upstream_timeout',
    text: 'it fell silent in the middle of its answer',
    wasSent: true,
  },
  EGRESS_BLOCKED: {
    code: 'egress_blocked',
    text: 'its address is not allowed; an administrator can allow private networks for this provider',
  },
  UND_ERR_INVALID_ARG: {
    code: 'upstream_unreachable',
    text: 'its credential or another header holds a character that HTTP does not allow',
  },
  UND_ERR_HEADERS_OVERFLOW: {
    code: 'upstream_invalid_response',
    text: 'its response headers are too large',
    wasSent: true,
  },
};

/** What the HTTP parser calls an answer that is none, e.g. that of a TLS port asked in plain text. */
const notHttp: Description = {
  code: 'upstream_invalid_response',
  text: 'what it sent is not an HTTP answer',
  wasSent: true,
};

const tls = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|HOSTNAME_MISMATCH)/;

/**
 * A socket-level failure as a GatewayError that is safe to show: the text names neither addresses nor
 * headers (Node's own messages do, and with them keys).
 * `details.wasSent` says whether the upstream can have seen the request.
 * @param sawHead whether the answer had begun.
 */
export function describeNetworkError(error: unknown, sawHead: boolean): GatewayError {
  const inner = innermost(error);
  const code = inner?.code ?? '';
  const description = inner === null ? null : describe(inner);
  if (description !== null) {
    const failure = sawHead ? 'upstream_stream_interrupted' : description.code;
    return new GatewayError(failure, `The upstream failed: ${description.text}.`, {
      details: { wasSent: sawHead || description.wasSent === true },
      cause: error,
    });
  }
  if (tls.test(code)) {
    const text = 'The upstream failed: its TLS certificate could not be verified.';
    return new GatewayError('upstream_unreachable', text, {
      details: { wasSent: false },
      cause: error,
    });
  }
  return sawHead
    ? new GatewayError(
        'upstream_stream_interrupted',
        'The upstream closed the connection in the middle of its answer.',
        { cause: error },
      )
    : new GatewayError(
        'upstream_unreachable',
        'The upstream closed the connection before it answered.',
        {
          // a kept-alive socket that the other side closed just then fails like this too
          details: { wasSent: true, isStaleSocket: true },
          cause: error,
        },
      );
}

/** A connection that times out or loses its route while it is read from is one that had been made: it broke. */
function describe({ name, code = '', syscall }: NodeJS.ErrnoException): Description | null {
  // undici's parser errors have a name and, up to 7.30 at least, no code; other libraries number theirs
  if (name === 'HTTPParserError' || String(code).startsWith('HPE_')) return notHttp;
  return syscall === 'read' || syscall === 'write' ? null : (known[code] ?? null);
}

/** The error that tells: undici and happy-eyeballs wrap it. */
function innermost(error: unknown): NodeJS.ErrnoException | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    if (!(inner instanceof Error)) return current;
    current = inner;
  }
  return null;
}
