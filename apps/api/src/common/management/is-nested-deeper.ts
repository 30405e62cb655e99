/**
 * Does a JSON value hold lists or objects in more than `maxDepth` levels? Walks level by level, because what comes
 * after it calls itself for each level and would run out of stack.
 */
export function isNestedDeeper(value: unknown, maxDepth: number): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    level = level.flatMap((container) => Object.values(container)).filter(isContainer);
  }
  return level.length > 0;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
