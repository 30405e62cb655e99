/** Starts, stops and looks at what runs behind a local model. */
export abstract class LocalModelControl {
  abstract view(id: string): { readonly state: string; readonly reason: string | null };
  /** Resolves when the model serves. @throws GatewayError */
  abstract start(id: string): Promise<void>;
  abstract stop(id: string): Promise<void>;
  /** Stops it at once, because it is being deleted or changed. */
  abstract forget(id: string): Promise<void>;
}
