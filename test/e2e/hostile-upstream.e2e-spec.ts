import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callingModel } from '../support/fake-upstream/script.js';
import { costNanosOf, protocols, TestBed } from './test-bed.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await TestBed.open();
});
afterAll(() => bed.close());

const faults = [
  'refuse',
  'cut-before-headers',
  'cut-mid',
  'fin-no-terminator',
  'error-first-event',
  'error-mid',
  'invalid-json',
  'html-200',
  'empty-200',
  'wrong-content-type',
  'gzip',
  'redirect-307',
  'echo-secret',
  'huge-line',
  'negative-usage',
  'split-bytes',
];

const residentMegabytes = (): number => {
  const status = readFileSync(`/proc/${bed.gateway.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
};

describe('a call whose arguments are no JSON object', () => {
  const broken = [callingModel('f', '[1]'), callingModel('f', '{"x": [1, 2')];

  it.each(broken)('never ends as if it could be run, and is logged as told: %s', async (name) => {
    const model = await bed.route('openai-chat', name);
    for (const isStream of [false, true]) {
      const response = await bed.ask('anthropic-messages', model, { isStream });
      const text = await response.text();
      expect(text).toContain('arguments that are not a JSON object');
      expect(text).not.toMatch(/content_block_stop|message_stop|"stop_reason":"/);
      const row = await bed.logOf(response);
      expect(row).toMatchObject({
        outcome: 'failed',
        errorCode: 'upstream_invalid_response',
        errorMessage: expect.stringContaining('the tool "f"') as string,
      });
      // the upstream has answered and will bill it
      expect(row.attempts[0]).toMatchObject({
        outcome: 'interrupted',
        state: 'settled',
        costStatus: 'exact',
        costNanos: costNanosOf(bed.upstream.log.last(name).billed),
      });
    }
  });
});

/** What only an answer that came to its end holds, in any protocol. */
const wholeAnswer =
  /\[DONE\]|message_stop|"finish_reason": ?"|"stop_reason": ?"[a-z]|"finishReason"|event: response\.completed|^\{[^]*"object": ?"response"[^]*"status": ?"completed"/;

describe.each(protocols)('callers that speak %s', (client) => {
  describe.each(protocols)('are protected from an upstream that speaks %s', (upstream) => {
    // what is cut off for its length never reaches a translation, so that one way of each kind tells of all
    const isTypical = client === upstream || client === 'openai-chat';
    const tried = isTypical ? faults : faults.filter((fault) => fault !== 'huge-line');
    // each waits for its row in the log, so they wait together
    it.concurrent.each(tried)('and misbehaves: %s', async (fault) => {
      const model = await bed.route(upstream, fault);
      for (const isStream of [false, true]) {
        const response = await bed.ask(client, model, { isStream });
        const text = await response.text();
        const isWhole = wholeAnswer.test(text);
        const tellsError = /"error":(?! ?null)/.test(text);
        expect(`${response.status} ${isWhole !== tellsError} ${text.slice(0, 300)}`).toMatch(
          /^\d+ true/,
        );
        if (!tellsError) expect(response.status).toBe(200);
        const row = await bed.logOf(response);
        expect(row.outcome).toMatch(tellsError ? /^(failed|refused)$/ : /^completed$/);
        for (const { state, costNanos } of row.attempts) {
          expect(['settled', 'voided']).toContain(state);
          expect(costNanos ?? 0).toBeGreaterThanOrEqual(0);
        }
      }
    });
  });
});

describe('the gateway after all of that', () => {
  it('lives, answers, and has not kept what it was flooded with', async () => {
    const route = await bed.route('openai-chat', 'say-hello');
    expect((await bed.ask('openai-chat', route)).status).toBe(200);
    expect(bed.gateway.hasExited).toBe(false);
    expect(residentMegabytes()).toBeLessThan(700);
    expect(bed.upstream.trapped).toEqual([]);
  });
});
