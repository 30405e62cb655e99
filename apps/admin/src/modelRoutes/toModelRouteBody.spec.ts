import { describe, expect, it } from 'vitest';
import { toModelRouteBody } from './toModelRouteBody.js';

describe('toModelRouteBody', () => {
  it('sends of each target what fits its kind, and nothing that is read-only', () => {
    const form = {
      name: 'coder',
      targets: [
        { id: 't1', label: 'qwen', kind: 'local', localModelId: 'lm_1', providerId: 'left over' },
        {
          id: 't2',
          label: 'anthropic',
          kind: 'provider',
          providerId: 'prv_1',
          upstreamModel: 'claude',
          localModelId: 'left over',
          priceInputNanosPerMTok: 0,
          priceOutputNanosPerMTok: null,
        },
      ],
    };
    expect(toModelRouteBody(form)).toEqual({
      name: 'coder',
      targets: [
        { kind: 'local', localModelId: 'lm_1' },
        {
          kind: 'provider',
          providerId: 'prv_1',
          upstreamModel: 'claude',
          priceInputNanosPerMTok: 0,
        },
      ],
    });
  });

  it('sends the capabilities that are overridden, of targets of both kinds', () => {
    const form = {
      targets: [
        { kind: 'local', localModelId: 'lm_1', capabilities: { inputs: [] } },
        {
          kind: 'provider',
          providerId: 'p',
          upstreamModel: 'm',
          capabilities: { takesTopK: false },
        },
        { kind: 'local', localModelId: 'lm_2', capabilities: {} },
        { kind: 'local', localModelId: 'lm_3', capabilities: null },
      ],
    };
    expect(toModelRouteBody(form)['targets']).toEqual([
      { kind: 'local', localModelId: 'lm_1', capabilities: { inputs: [] } },
      { kind: 'provider', providerId: 'p', upstreamModel: 'm', capabilities: { takesTopK: false } },
      { kind: 'local', localModelId: 'lm_2' },
      { kind: 'local', localModelId: 'lm_3' },
    ]);
  });

  it('sends an empty list rather than none, so that the server can say what is missing', () => {
    expect(toModelRouteBody({ name: 'coder', targets: null })).toEqual({
      name: 'coder',
      targets: [],
    });
  });
});
