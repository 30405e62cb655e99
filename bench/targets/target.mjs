/**
 * A gateway the benchmark can drive.
 *
 * @typedef {import('../load/request-body.mjs').Protocol} Protocol
 *
 * @typedef {object} CallWish
 * @property {Protocol} client what the caller speaks
 * @property {Protocol} upstream what the upstream speaks
 * @property {string} model the mock's model name
 *
 * @typedef {object} CallPlan
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {string} model the name to send to this gateway
 *
 * @typedef {object} AuditReport
 * @property {Record<string, number>} logged what the gateway recorded
 * @property {Record<string, number>} expected what the mock counted
 *
 * @typedef {object} RunningTarget
 * @property {number} port
 * @property {number[]} pids
 * @property {string} version
 * @property {number | null} firstOkMs from spawn to the first answered call
 * @property {(wish: CallWish) => CallPlan | string} plan a text says why this gateway cannot do it
 * @property {() => Promise<AuditReport>} [audit]
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} TargetContext
 * @property {import('../harness/bench-rig.mjs').BenchRig} rig
 * @property {string} temporaryFolder empty, removed after the run
 * @property {string[]} models mock model names of the chosen scenarios
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {string} features what it does for each request, in words
 * @property {(context: TargetContext) => Promise<RunningTarget>} start throws with a clear message when it cannot run here
 */

/** @param {Protocol} protocol */
export function protocolPath(protocol) {
  return protocol === 'openai-chat' ? '/v1/chat/completions' : '/v1/messages';
}

/** @param {Protocol} protocol @param {string} secret @returns {Record<string, string>} */
export function credentialHeaders(protocol, secret) {
  return protocol === 'openai-chat'
    ? { authorization: `Bearer ${secret}` }
    : { 'x-api-key': secret, 'anthropic-version': '2023-06-01' };
}

/** Of a gateway that only passes bytes on. @param {CallWish} wish @returns {CallPlan | string} */
export function passThroughPlan(wish) {
  if (wish.client !== wish.upstream) return 'passes bytes on, does not translate';
  return {
    path: protocolPath(wish.client),
    headers: credentialHeaders(wish.client, 'sk-bench-not-a-secret'),
    model: wish.model,
  };
}

/** @param {number} port @param {CallPlan} plan @param {Protocol} client one small call, to see whether it is answered */
export function probe(port, plan, client) {
  const body = {
    model: plan.model,
    max_tokens: 16,
    messages: [{ role: 'user', content: 'Hello' }],
  };
  return fetch(`http://127.0.0.1:${port}${plan.path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...plan.headers,
      ...(client === 'openai-chat' ? {} : { accept: 'application/json' }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  });
}
