/** The folders in which the gateway will serve model files; a path outside of them is refused. */
export abstract class ModelFolders {
  abstract list(): readonly string[];
}
