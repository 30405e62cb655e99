import type { RefusalCause } from '../../memory/arbiter-state.js';
import type { PoolBytes } from '../../memory/pool-bytes.js';
import type { InstanceFailure } from '../lifecycle/instance-state.js';

const GIB = 1024 ** 3;

function inGib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

function messageOf(
  modelName: string,
  cause: RefusalCause,
  { need, budget }: { readonly need: PoolBytes; readonly budget: PoolBytes },
): string {
  const [pool = 'ram', bytes = 0] =
    Object.entries(need).sort(
      ([a, x], [b, y]) => y - (budget[b] ?? 0) - (x - (budget[a] ?? 0)),
    )[0] ?? [];
  const wants = `The local model "${modelName}" needs about ${inGib(bytes)}`;
  switch (cause) {
    case 'too-large':
      return `${wants}, and the memory budget is ${inGib(budget[pool] ?? 0)}. Use a smaller model or context, or raise the budget.`;
    case 'pinned':
      return `${wants}, which models that are pinned do not leave. Unpin one of them, or raise the memory budget.`;
    case 'no-free-memory':
      return `${wants}, and other programs leave less than that free. Close some of them, or use a smaller model.`;
  }
}

/** Tells those who wait why there will be no memory for their model. */
export function memoryRefusal(
  modelName: string,
  cause: RefusalCause,
  sizes: { readonly need: PoolBytes; readonly budget: PoolBytes },
): InstanceFailure {
  return {
    code: 'out-of-memory',
    reason: cause,
    message: messageOf(modelName, cause, sizes),
    lastLines: [],
    isRetryable: cause === 'no-free-memory',
  };
}
