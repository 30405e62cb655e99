import { wireProtocols, type WireProtocol } from '#translation';
import type { AttemptJob } from './attempt-job.js';

/** The protocol the upstream of an attempt speaks. */
export function providerProtocol(job: AttemptJob): WireProtocol {
  return wireProtocols[job.endpoint.protocol];
}
