import { providerDefinitions } from '#adapters';
import { chooseProtocol } from '../../routing/choose-protocol.js';
import type { ProviderTarget } from '../../routing/resolved-target.js';
import { allowedHeaders } from '../allowed-headers.js';
import { hopsHeader, nextHops } from '../loop-guard.js';
import type { RequestJob } from './attempt-job.js';
import type { Destination } from './destination.js';

const timeouts = { streamHeadersMs: 120_000, wholeHeadersMs: 600_000, idleMs: 120_000 };
const usualHeaders = ['content-type', 'application/json', 'accept-encoding', 'identity'];
const nothing: readonly string[] = [];
const holdsNothing = (): void => undefined;

/** @throws GatewayError `secrets_locked`, `unsupported_by_target` */
export function providerDestination(
  { call, envelope }: RequestJob,
  target: ProviderTarget,
): Destination {
  const protocol = chooseProtocol(call.protocol.id, target, envelope);
  const definition = providerDefinitions[protocol];
  const isSameProtocol = protocol === call.protocol.id;
  const callerVersion = call.request.headers['anthropic-version'];
  const version = definition.apiVersion(
    isSameProtocol && typeof callerVersion === 'string' ? callerVersion : null,
  );
  const headers = usualHeaders.slice();
  for (const each of definition.authHeaders(target.credential(), version)) headers.push(each);
  const hops = nextHops(call.request.headers);
  return {
    endpoint: {
      origin: target.origin,
      path: target.basePath + definition.inferencePath(target.upstreamModel, envelope.stream),
      protocol,
      allowPrivateNetwork: target.allowPrivateNetwork,
      isLocal: false,
      headers,
    },
    model: target.upstreamModel,
    headers: isSameProtocol
      ? [hopsHeader, hops, ...allowedHeaders(call.request.headers, definition.forwardedHeaders)]
      : [hopsHeader, hops],
    returnedHeaders: isSameProtocol ? definition.returnedHeaders : nothing,
    timeouts: {
      headersMs:
        target.firstByteTimeoutMs ??
        (call.record.isStream ? timeouts.streamHeadersMs : timeouts.wholeHeadersMs),
      idleMs: timeouts.idleMs,
    },
    lost: null,
    witness: null,
    release: holdsNothing,
  };
}
