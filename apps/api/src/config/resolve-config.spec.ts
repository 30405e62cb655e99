import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from './resolve-config.js';

const dataDir = '/data';
const resolved = (env: Readonly<Record<string, string>>) =>
  resolveConfig({ SPILLWAY_DATA_DIR: dataDir, ...env });

describe('the settings of the hub', () => {
  it('fetch nothing unless told to', () => {
    const { isModelDownloadEnabled, hub, modelFolders } = resolved({});
    expect(isModelDownloadEnabled).toBe(false);
    expect(hub).toEqual({
      url: 'https://huggingface.co',
      allowPrivateNetwork: false,
      cacheFolder: join(dataDir, 'models'),
      token: null,
    });
    expect(modelFolders).toEqual([]);
  });

  it('make another cache a folder in which models are found', () => {
    const { hub, modelFolders } = resolved({
      SPILLWAY_MODEL_DOWNLOADS: 'on',
      SPILLWAY_MODEL_DIRS: ['/a', '/b'].join(delimiter),
      SPILLWAY_HUB_CACHE: '/hub',
      SPILLWAY_HUB_URL: 'https://mirror.example/hf/',
      HF_TOKEN: 'hf_x\n',
    });
    expect([hub.cacheFolder, hub.url, hub.token]).toEqual([
      '/hub',
      'https://mirror.example/hf',
      'hf_x',
    ]);
    expect(modelFolders).toEqual(['/a', '/b', '/hub']);
  });

  it.each([
    'nonsense',
    'http://huggingface.co',
    'http://127.0.0.1:1',
    'https://10.0.0.1',
    'https://user:secret@huggingface.co',
    'https://huggingface.co?x=1',
    '',
  ])('refuse %j in words of their own', (url) => {
    expect(() => resolved({ SPILLWAY_HUB_URL: url })).toThrow(
      /SPILLWAY_HUB_URL (?!.*allowPrivate)/,
    );
    expect(() => resolved({ SPILLWAY_HUB_URL: url })).not.toThrow(/secret@/);
  });

  it('take a private hub where that is said', () => {
    const env = { SPILLWAY_HUB_URL: 'http://127.0.0.1:8000', SPILLWAY_HUB_PRIVATE_NETWORK: 'on' };
    expect(resolved(env).hub.allowPrivateNetwork).toBe(true);
  });
});

describe('SPILLWAY_SPILL_ALARM_…', () => {
  const limitsOf = (percent: string, dollars: string) =>
    resolveConfig({
      SPILLWAY_SPILL_ALARM_PERCENT: percent,
      SPILLWAY_SPILL_ALARM_USD_PER_HOUR: dollars,
    }).spillOverLimits;

  it('are off unless set, and exact to the nano', () => {
    expect(limitsOf('0', '')).toEqual({ percent: null, nanosPerHour: null });
    expect(limitsOf('20', '2.50')).toEqual({ percent: 20, nanosPerHour: 2_500_000_000 });
    expect(limitsOf('100', '0.000000001').nanosPerHour).toBe(1);
    expect(limitsOf('1', '7').nanosPerHour).toBe(7_000_000_000);
  });

  it.each(['$5', '1,50', '-1', '.5', '1e3', '1.0000000001'])('refuse %j as an amount', (text) => {
    expect(() => limitsOf('0', text)).toThrow('such as 2.50');
  });

  it.each(['101', '-1', '5%', '1.5'])('refuse %j as a share', (text) => {
    expect(() => limitsOf(text, '')).toThrow('SPILLWAY_SPILL_ALARM_PERCENT');
  });
});

const MIB = 1024 * 1024;
const budgetOf = (text: string) => resolveConfig({ SPILLWAY_MEMORY_BUDGET_MB: text }).memoryBudget;

describe('SPILLWAY_MEMORY_BUDGET_MB', () => {
  it('is a number for main memory, or a list by pool', () => {
    expect(budgetOf('')).toEqual({});
    expect(budgetOf('16000')).toEqual({ ram: 16_000 * MIB });
    expect(budgetOf('ram=16000,gpu0=22000')).toEqual({ ram: 16_000 * MIB, gpu0: 22_000 * MIB });
  });

  it.each(['16 GB', 'ram=', 'gpu=1', 'gpu0=1;gpu1=1', 'vram=5', '16000,gpu0=1'])(
    'refuses %j and says how it is written',
    (text) => {
      expect(() => budgetOf(text)).toThrow('ram=16000,gpu0=22000');
    },
  );
});
