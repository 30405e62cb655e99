import type { TargetKind } from '../fields/OriginChip.js';
import type { SegmentKind } from './layOutTimeline.js';

export const segmentNames: Record<SegmentKind, string> = {
  queue: 'in line',
  load: 'loading the model',
  firstToken: 'to the first token',
  answer: 'answering',
  noAnswer: 'without an answer',
};

const colours: Record<SegmentKind, string> = {
  queue: 'text.disabled',
  load: 'warning.main',
  firstToken: 'info.main',
  answer: 'primary.main',
  noAnswer: 'error.main',
};

/** Answering takes the colour of where it happens: green for this machine, violet for the cloud. */
export function segmentColour(kind: SegmentKind, target: TargetKind): string {
  return kind === 'answer' && target === 'provider' ? 'secondary.main' : colours[kind];
}
