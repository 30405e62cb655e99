/** @typedef {import('#translation').ProtocolId} ProtocolId */
/** @typedef {[upstream: ProtocolId, client: ProtocolId]} Pair from the one, to the other */

/** @type {ProtocolId[]} */
export const protocolIds = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generate',
];

/** @type {Pair[]} */
export const pairs = protocolIds.flatMap((from) =>
  protocolIds.filter((to) => to !== from).map((to) => /** @type {Pair} */ ([from, to])),
);

/** @param {Pair} pair */
export const pairLabel = ([from, to]) => `${from}>${to}`;

/** @param {ProtocolId} id */
export const parseLabel = (id) => `parse ${id}`;

/** JSON.parse and JSON.stringify of the same request: what any gateway pays that does not pass bytes through. @param {ProtocolId} id */
export const nativeLabel = (id) => `native JSON ${id}`;
