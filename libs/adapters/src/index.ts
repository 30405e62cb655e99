export { EgressClient } from './egress/egress-client.js';
export { findUrlFault } from './egress/egress-policy.js';
export { BodyMemory } from './http/body-memory.js';
export { EditableBody, type UpstreamBody } from './http/editable-body.js';
export { describeNetworkError } from './http/describe-network-error.js';
export { flatPrice, type Price, type UnitPrice } from './catalog/price.js';
export { usuallySpoken } from './catalog/usually-spoken.js';
export { lookUpCapabilities, type CapabilityQuestion } from './catalog/look-up-capabilities.js';
export { lookUpPrice, type PriceQuestion } from './catalog/price-table.js';
export { HubError, type HubErrorCode } from './model-hub/hub-error.js';
export { ModelHub } from './model-hub/model-hub.js';
export type { HubFile } from './model-hub/read-hub-listing.js';
export type { ListedModel, ProviderDefinition } from './provider-definition.js';
export { providerDefinitions } from './providers.js';
export type { UpstreamEndpoint } from './upstream-endpoint.js';
export {
  UpstreamCall,
  type UpstreamCallOptions,
  type UpstreamHeaders,
  type UpstreamListener,
  type UpstreamTimeouts,
} from './upstream-call.js';
