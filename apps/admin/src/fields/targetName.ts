import type { TargetKind } from './OriginChip.js';

/** The label of a target without its kind, which a chip beside it shows: `provider:openai/gpt-5` → `openai/gpt-5`. */
export function targetName(label: string): string {
  return label.replace(/^(?:local|provider):/, '');
}

/** Where a target is, which its label begins with. */
export function targetKind(label: string): TargetKind {
  return label.startsWith('provider:') ? 'provider' : 'local';
}

/** The model at the target, unless the label of the target says it already. */
export function furtherModel(label: string, model: string | null): string | null {
  const name = targetName(label);
  return model === null || name === model || name.endsWith(`/${model}`) ? null : model;
}
