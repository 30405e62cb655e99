/** What an error code of the log means for whoever runs the gateway, and what to do about it. */
const explanations: Readonly<Record<string, string>> = {
  invalid_request:
    'The program sent something the API does not allow; the message names the field.',
  unsupported_parameter:
    'The program used a parameter that cannot be carried over. Remove it there.',
  unsupported_by_target: 'No target of the route can do what was asked, such as images or tools.',
  context_length_exceeded:
    'The conversation is longer than the model can read. Raise the context of the local model or add a target with a larger one.',
  request_too_large: 'The request has more bytes than the gateway accepts.',
  unsupported_media_type: 'The program did not send JSON.',
  model_not_found:
    'No route has the name the program asked for. Create a route of that name, or correct the program.',
  model_not_allowed: 'The key is limited to other routes. Widen it on the page of the key.',
  request_timeout: 'The program took too long to send its request.',
  request_cancelled: 'The program went away before the answer was complete.',
  host_not_allowed:
    'The request named a host this gateway does not serve; this keeps web pages from reaching it.',
  authentication_failed: 'The key is unknown. Check for typing errors, or create a new one.',
  key_in_url: 'Keys do not belong into addresses, where they end up in logs. Send it in a header.',
  key_disabled: 'The key is disabled or revoked.',
  key_expired: 'The key has expired. Give it a later date or create a new one.',
  rate_limited: 'The key has used up its requests of this minute.',
  concurrency_limited: 'The key has as many requests running as it may.',
  budget_exceeded:
    'The request could have cost more than is left of the key’s budget. Raise the budget, or wait for its next window.',
  fallback_budget_exhausted:
    'The request could have cost more than is left of the fallback budget of the route or of the key, and no other target could answer. Raise it there, or wait for its next window.',
  max_cost_exceeded:
    'The program allows less (in the header x-spillway-max-cost-usd) than the request could have cost.',
  upstream_authentication_failed:
    'The provider refused the stored API key. Renew it on the page of the provider.',
  upstream_rate_limited: 'The provider limits how much may be asked; another target was not left.',
  upstream_overloaded: 'The provider is overloaded.',
  upstream_unreachable: 'No connection to the provider or server could be made.',
  upstream_timeout: 'The provider or server took too long.',
  upstream_error: 'The provider or server failed on its side.',
  upstream_rejected: 'The provider did not accept the request; the message has its reason.',
  upstream_redirect:
    'The provider sent the request elsewhere, which is not followed. Check its URL.',
  upstream_invalid_response:
    'What answered does not speak the protocol set for the provider. Check its URL and protocol.',
  upstream_too_large: 'The answer had more bytes than the gateway accepts.',
  upstream_stream_interrupted: 'The connection broke while the answer was on its way.',
  egress_blocked:
    'The provider’s address is private or otherwise not allowed. Allow it on the page of the provider if it is yours.',
  engine_not_installed: 'The engine of the local model was not found on this machine.',
  engine_platform_unsupported:
    'The engine of the local model does not run on this kind of machine.',
  engine_model_missing: 'The model file is not where it was. Correct the path of the local model.',
  engine_start_failed: 'The engine ended while it was starting. Its log is under Instances.',
  engine_not_ready:
    'The model was not loaded, and the request could not wait for it. It is asked for again by the next one.',
  engine_start_timeout: 'The engine was not ready in time. Its log is under Instances.',
  engine_out_of_memory:
    'The model does not fit into memory. Use a smaller one, a smaller context, or stop other models.',
  engine_crashed: 'The engine ended while it was answering. Its log is under Instances.',
  engine_queue_full: 'Too many requests were waiting for this model.',
  engine_port_conflict: 'Another program took the port the engine was to listen on.',
  engine_backoff: 'The engine failed a moment ago; it is tried again after a pause.',
  engine_disabled: 'The local model is switched off. Enable it under Local models.',
  engine_paused: 'The model was not loaded, and loading is paused. Resume it under Local models.',
  no_available_target:
    'None of the route’s targets could answer. The attempts below say why; a cloud target helps only if the route allows the cloud.',
  loop_detected: 'A provider of the route leads back to this gateway. Correct its URL.',
  secrets_locked:
    'The stored API key of the provider could not be opened. Enter it again under Providers, or put master.key back and restart.',
  storage_unavailable:
    'The database did not take the entry a paid request needs before it is sent.',
  gateway_overloaded: 'Bodies of running requests took all the memory they may.',
  shutting_down: 'The gateway was about to stop.',
  internal_error: 'The gateway failed in a way it did not expect. Its console has more.',
};

/** Every code that has an explanation, for a choice of codes. */
export const explainedCodes: readonly string[] = Object.keys(explanations).toSorted();

/** Null for a code that needs no words beyond its message. */
export function explainError(code: string | null): string | null {
  return code === null ? null : (explanations[code] ?? null);
}
