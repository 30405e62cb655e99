/**
 * How each engine behaves on the wire, from its sources (docs/engines.md). Names of flags, the way it binds and says it
 * is ready, the shape of its streams, and what a failure in the middle of one looks like.
 *
 *   flags       where the launch line holds port, served name and model
 *   binds       `early`: 503 or an empty health while loading; `late`: no listener until loaded
 *   reasoning   field of the reasoning text, or null
 *   usage       `separate` chunk when asked for, or always on the `finish` chunk
 *   calls       tool calls in `deltas`, `whole` in one, or with a `repeated-id`
 *   failure     `error`, `error-then-done`, `error-then-stop`, `done-only`, `empty-delta`, `cut`
 *   unknown     what a request for another model gets: `answered`, `404`, or `fetched` (noted in the journal, then 404)
 *   goesOn      works on when its client has left
 *   errors      shape of plain errors: `openai`, `detail`, `text-404`
 */
const usual = {
  flags: { port: '--port', name: '--served-model-name', model: '--model-path' },
  binds: 'late',
  isHealthBlind: false,
  health: { status: 'ok' },
  healthPath: '/health',
  reasoning: 'reasoning_content',
  firstDelta: { role: 'assistant', content: '' },
  usage: 'separate',
  calls: 'deltas',
  failure: 'error-then-done',
  unknown: '404',
  errors: 'openai',
  goesOn: false,
  isHttp10: false,
  comment: null,
  saysLength: true,
};

export const quirkProfiles = {
  plain: { ...usual, binds: 'early', unknown: 'answered' },
  'llama-server': {
    ...usual,
    flags: { port: '--port', name: '--alias', model: '-m' },
    binds: 'early',
    firstDelta: { role: 'assistant', content: null },
    failure: 'error',
    unknown: 'answered',
  },
  'llama-server-router': {
    ...usual,
    flags: { port: '--port', name: '--tags', model: '--models-dir' },
    binds: 'early',
    listed: 'tiny',
    firstDelta: { role: 'assistant', content: null },
    failure: 'error',
  },
  'mlx-openai-server': {
    ...usual,
    usage: 'finish',
    calls: 'repeated-id',
    failure: 'error-then-stop',
    unknown: 'answered',
    saysLength: false,
  },
  'vllm-mlx': {
    ...usual,
    health: { status: 'healthy', model_loaded: true },
    isHealthBlind: true,
    failure: 'done-only',
    errors: 'detail',
    comment: 'heartbeat',
  },
  'mlx_lm.server': {
    ...usual,
    flags: { port: '--port', name: null, model: '--model' },
    binds: 'early',
    isHealthBlind: true,
    listed: 'model-path',
    served: 'default_model',
    reasoning: 'reasoning',
    firstDelta: { role: 'assistant' },
    calls: 'whole',
    failure: 'cut',
    unknown: 'fetched',
    errors: 'text-404',
    isHttp10: true,
    comment: 'keepalive 1/8',
  },
  vllm: { ...usual, reasoning: 'reasoning', sleeps: true },
  sglang: { ...usual },
  ollama: {
    ...usual,
    flags: { port: null, name: null, model: null },
    binds: 'early',
    healthPath: '/api/version',
    listed: 'tiny:latest',
    reasoning: 'reasoning',
    calls: 'whole',
    failure: 'empty-delta',
  },
  'local-ai': {
    ...usual,
    flags: { port: '--address', name: null, model: '--models-path' },
    binds: 'early',
    healthPath: '/readyz',
    listed: 'tiny',
    reasoning: 'reasoning',
    goesOn: true,
  },
  'goes-on': { ...usual, goesOn: true },
};
