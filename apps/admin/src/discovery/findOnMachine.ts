interface Find {
  readonly id: string;
  readonly modelPath: string | null;
}

/**
 * The find that is the model at this path. One content may have several names in a cache of the hub, of which discovery
 * shows one: the same name in another snapshot of the same repository will do.
 */
export function findOnMachine<Model extends Find>(
  finds: readonly Model[],
  modelPath: string,
): Model | undefined {
  const wanted = placeInHub(modelPath);
  return (
    finds.find((find) => find.modelPath === modelPath) ??
    finds.find(({ modelPath: path }) => wanted !== null && placeInHub(path ?? '') === wanted)
  );
}

/** Repository and path, without the snapshot; null for a path elsewhere. */
function placeInHub(path: string): string | null {
  const place = /(models--[^/\\]+)[/\\]snapshots[/\\][^/\\]+(.*)$/.exec(path);
  return place === null ? null : `${place[1]}${place[2]}`;
}
