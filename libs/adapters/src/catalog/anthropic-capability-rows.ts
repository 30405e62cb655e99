import { effortLadders, type CapabilityRow } from './capability-row.js';

const protocol = 'anthropic-messages' as const;
const docs = 'docs.anthropic.com, models overview';

export const anthropicCapabilityRows: readonly CapabilityRow[] = [
  {
    protocol,
    model: /claude/,
    capabilities: {
      takesSampling: false,
      takesTopK: false,
      thinkingModes: ['off', 'adaptive'],
      effortLevels: effortLadders.upToMax,
      maxOutputTokens: 64_000,
    },
    source: 'anthropics/anthropic-sdk-typescript 0.120, field docs of temperature and thinking',
    date: '2026-08-19',
  },
  {
    protocol,
    model: /claude-opus/,
    capabilities: { maxOutputTokens: 128_000 },
    source: docs,
    date: '2026-08-19',
  },
  {
    protocol,
    model: /claude-(opus|sonnet|haiku)-4-6(-\d{8})?$/,
    capabilities: {
      takesSampling: true,
      takesTopK: true,
      thinkingModes: ['off', 'budget', 'adaptive'],
      effortLevels: [...effortLadders.upToHigh, 'max'],
    },
    source: 'recorded 400: "Supported levels: high, low, max, medium."',
    date: '2026-11-21',
  },
  {
    protocol,
    model: /claude-(opus|sonnet|haiku)-4(-[0-5])?(-\d{8})?$/,
    capabilities: {
      takesSampling: true,
      takesTopK: true,
      takesPrefill: true,
      thinkingModes: ['off', 'budget'],
      effortLevels: [],
      maxOutputTokens: 64_000,
    },
    source: docs,
    date: '2026-08-19',
  },
  {
    protocol,
    model: /claude-opus-4(-[01])?(-\d{8})?$/,
    capabilities: { maxOutputTokens: 32_000 },
    source: docs,
    date: '2026-08-19',
  },
  {
    protocol,
    model: /claude-(2|instant|3)/,
    capabilities: {
      takesSampling: true,
      takesTopK: true,
      takesPrefill: true,
      thinkingModes: [],
      effortLevels: [],
      outputFormats: [],
      maxOutputTokens: 4_096,
    },
    source: docs,
    date: '2026-08-19',
  },
  {
    protocol,
    model: /claude-3-[57]/,
    capabilities: { maxOutputTokens: 8_192 },
    source: docs,
    date: '2026-08-19',
  },
  {
    protocol,
    model: /claude-3-7/,
    capabilities: { thinkingModes: ['off', 'budget'], maxOutputTokens: 64_000 },
    source: docs,
    date: '2026-08-19',
  },
  {
    protocol,
    host: /(^|\.)(deepseek\.com|moonshot\.(ai|cn)|z\.ai|bigmodel\.cn|minimax(i)?\.(io|com))$/,
    capabilities: { cacheMarks: 'anthropic-without-ttl', outputFormats: [] },
    source: 'BerriAI/litellm#39355: strict compatible servers refuse ttl',
    date: '2026-11-21',
  },
];
