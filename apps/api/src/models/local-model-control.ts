import type { LocalModelSpec } from '#process';

/** How a local model stands. */
export interface LocalModelStanding {
  readonly state: string;
  readonly reason: string | null;
  /** Requests it serves now. */
  readonly leases: number;
}

/** Starts, stops and looks at what runs behind a local model. */
export abstract class LocalModelControl {
  abstract view(id: string): LocalModelStanding;
  /** Nothing is loaded for now, by order of an operator. */
  abstract isLoadingPaused(): boolean;
  /** Takes over changed settings; an engine is restarted only where its command line differs. */
  abstract configure(spec: LocalModelSpec): void;
  /** Resolves when its process exists; ends a rest after failures, and a sleep. @throws GatewayError */
  abstract start(spec: LocalModelSpec): Promise<void>;
  /** As `start`, and resolves after a second at the latest: what loads goes on. @throws GatewayError */
  abstract warm(spec: LocalModelSpec): Promise<void>;
  /** An idle engine gives its memory back and keeps its process. */
  abstract sleep(id: string): void;
  /** Stops it when those it serves have finished; resolves at once. */
  abstract unload(id: string): void;
  /** Resolves when it is stopped; those it serves have a minute. */
  abstract stop(id: string): Promise<void>;
  /** Stops it at once, because it is being deleted. */
  abstract forget(id: string): Promise<void>;
}
