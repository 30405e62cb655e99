/**
 * Like `list.flatMap(each)`, which takes some twenty times as long: V8 defines every element of its result by a slow
 * path (measured on Node 20 to 24).
 */
export function flatMap<In, Out>(
  list: readonly In[],
  each: (item: In, index: number) => readonly Out[],
): Out[] {
  const all: Out[] = [];
  for (const [index, item] of list.entries())
    for (const found of each(item, index)) all.push(found);
  return all;
}
