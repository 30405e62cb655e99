import { protocols, type Protocol } from '#translation';
import type { AttemptJob } from './attempt-job.js';

/** The protocol the upstream of an attempt speaks. */
export function providerProtocol(job: AttemptJob): Protocol {
  return protocols[job.endpoint.protocol];
}
