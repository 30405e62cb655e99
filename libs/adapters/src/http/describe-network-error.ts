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
  UND_ERR_HEADERS_OVERFLOW: {
    code: 'upstream_invalid_response',
    text: 'its response headers are too large',
  },
};

const tls = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|HOSTNAME_MISMATCH)/;

/**
 * A socket-level failure as a GatewayError that is safe to show: the text names neither addresses nor
 * headers (Node's own messages do, and with them keys).
 * `details.wasSent` says whether the upstream can have seen the request.
 * @param sawHead whether the answer had begun.
 */
export function describeNetworkError(error: unknown, sawHead: boolean): GatewayError {
  const code = codeOf(error);
  const description = known[code];
  if (description !== undefined) {
    const failure =
      sawHead && code === 'UND_ERR_BODY_TIMEOUT' ? 'upstream_stream_interrupted' : description.code;
    return new GatewayError(failure, `The upstream failed: ${description.text}.`, {
      details: { wasSent: description.wasSent === true },
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

/** The innermost error code: undici and happy-eyeballs wrap the one that tells. */
function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as NodeJS.ErrnoException;
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    if (typeof code === 'string' && !(inner instanceof Error)) return code;
    if (!(inner instanceof Error)) return '';
    current = inner;
  }
  return '';
}
