import { effortLadders, type CapabilityRow } from './capability-row.js';

/** OpenAI's own, at OpenAI and at Azure. */
const host = /(^|\.)(openai\.com|openai\.azure\.com|services\.ai\.azure\.com)$/;

export const openaiCapabilityRows: readonly CapabilityRow[] = [
  {
    host,
    model: /(^|\/)gpt-3\.5|(^|\/)gpt-4(-|$)/,
    capabilities: { outputFormats: ['json-object'], inputs: ['image', 'image-url'] },
    source: 'openai/openai-openapi openapi.json 2.3.0, response_format',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)o\d/,
    capabilities: { takesSampling: false, effortLevels: effortLadders.upToHigh },
    source: 'openai/openai-openapi openapi.json 2.3.0, reasoning_effort',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)(o3|o4-mini)/,
    capabilities: { refusedFields: ['stop'] },
    source: 'openai/openai-openapi openapi.json 2.3.0, "stop: not supported with o3 and o4-mini"',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)o1-(mini|preview)/,
    capabilities: { instructionRole: 'user', effortLevels: [], outputFormats: [] },
    source: "recorded 400: messages[0].role does not support 'system' with this model",
    date: '2026-11-21',
  },
  {
    host,
    model: /(^|\/)gpt-5/,
    capabilities: {
      takesSampling: false,
      takesFreeformTools: true,
      effortLevels: effortLadders.minimalToHigh,
    },
    source: 'openai/openai-openapi openapi.json 2.3.0, reasoning_effort and custom tools',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)gpt-5\.[1-9]/,
    capabilities: { effortLevels: effortLadders.upToHigh, thinkingModes: ['off'] },
    source: 'openai/openai-openapi openapi.json 2.3.0, "gpt-5.1 defaults to none"',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)gpt-5\.[2-9]/,
    capabilities: { effortLevels: effortLadders.upToXhigh },
    source: 'openai/openai-openapi openapi.json 2.3.0, "xhigh: after gpt-5.1-codex-max"',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)gpt-(5\.[4-9]|[6-9])/,
    capabilities: { needsResponsesForReasoningTools: true },
    source: 'docs.apiyi.com, Choosing an Endpoint',
    date: '2026-11-21',
  },
  {
    host,
    model: /(^|\/)gpt-(5\.[6-9]|[6-9])/,
    capabilities: { cacheMarks: 'openai', effortLevels: effortLadders.upToMax },
    source: 'openai/openai-openapi openapi.json 2.3.0, prompt_cache_breakpoint',
    date: '2026-08-21',
  },
  {
    host,
    model: /(^|\/)gpt-[6-9]/,
    capabilities: { takesSampling: false, takesFreeformTools: true, thinkingModes: ['off'] },
    source: 'dev.to/aihubmix on gpt-6.1-terra; dev.to/routerbase_com on gpt-6.2',
    date: '2026-11-19',
  },
  {
    host,
    model: /(^|\/)gpt-6(-astra|\.1-sol|\.2)/,
    capabilities: { thinkingModes: [] },
    source: 'docs.laozhang.ai; dev.to/routerbase_com: effort "none" is refused',
    date: '2026-11-19',
  },
];
