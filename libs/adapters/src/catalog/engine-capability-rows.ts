import { defaultCapabilities } from '#translation';
import type { CapabilityRow } from './capability-row.js';

const templateSwitches = [
  ...defaultCapabilities('openai-chat', true).extraFields,
  'chat_template_kwargs',
];

/** However they are run, what they take is the same. */
const llamaServer = {
  capabilities: {
    forcedTools: 'any',
    takesPrefill: true,
    inputs: ['image', 'audio'],
    extraFields: templateSwitches,
  },
  source: 'ggml-org/llama.cpp tools/server: named choice = "required"; --prefill-assistant',
  date: '2026-11-21',
} satisfies CapabilityRow;

const ollama = {
  capabilities: {
    forcedTools: 'none',
    takesTopK: false,
    extraFields: [],
    refusedFields: [
      'max_completion_tokens',
      'parallel_tool_calls',
      'allowed_tools',
      'logit_bias',
      'n',
      'user',
      'service_tier',
    ],
  },
  source: 'ollama/ollama docs/api/openai-compatibility.mdx: no tool_choice, no image URLs',
  date: '2026-11-21',
} satisfies CapabilityRow;

/** Local engines, by their ids. */
export const engineCapabilityRows: readonly CapabilityRow[] = [
  {
    engine: 'embedded',
    capabilities: {
      inputs: [],
      forcedTools: 'none',
      extraFields: ['min_p'],
      refusedFields: ['allowed_tools', 'user', 'service_tier', 'n', 'logprobs', 'logit_bias'],
    },
    source: 'libs/process/src/embedded/chat-request.ts',
    date: '2026-11-21',
  },
  { engine: 'llama-server', ...llamaServer },
  { engine: 'llama-server-router', ...llamaServer },
  {
    engine: 'vllm',
    capabilities: {
      takesPrefill: true,
      inputs: ['image', 'audio'],
      extraFields: [...templateSwitches, 'continue_final_message', 'add_generation_prompt'],
    },
    source: 'docs.vllm.ai, OpenAI-compatible server: extra parameters',
    date: '2026-11-21',
  },
  { engine: 'ollama', ...ollama },
  { engine: 'ollama-attached', ...ollama },
  {
    engine: 'mlx-lm-server',
    capabilities: { forcedTools: 'none', outputFormats: [], inputs: [] },
    source: 'ml-explore/mlx-lm mlx_lm/server.py',
    date: '2026-08-22',
  },
];
