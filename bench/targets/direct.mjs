import { passThroughPlan } from './target.mjs';

/** No gateway at all: what mock and generator need by themselves. @type {import('./target.mjs').Target} */
export const direct = {
  name: 'direct',
  features: 'no gateway: the generator talks to the mock',
  async start({ rig }) {
    return {
      port: rig.mockPort,
      pids: [],
      version: '-',
      firstOkMs: null,
      plan: passThroughPlan,
      stop: () => Promise.resolve(),
    };
  },
};
