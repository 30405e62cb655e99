/** What the engine has read and written since it was started, and how long it worked on that, over all requests. */
export class WorkTally {
  promptTokens = 0;
  promptMs = 0;
  generatedTokens = 0;
  generatedMs = 0;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Counts the work on one request, which begins now. */
  begin(): RequestTally {
    let sinceMs = this.nowMs();
    const took = (): number => {
      const beforeMs = sinceMs;
      sinceMs = this.nowMs();
      return sinceMs - beforeMs;
    };
    return {
      noteRead: (tokens) => {
        this.promptTokens += tokens;
        this.promptMs += took();
      },
      noteWritten: () => {
        this.generatedTokens += 1;
        this.generatedMs += took();
      },
    };
  }
}

/** Each call takes the time since the one before for the work it tells of. */
export interface RequestTally {
  /** So many tokens of the prompt were read; what was remembered of an earlier one is not. */
  readonly noteRead: (tokens: number) => void;
  readonly noteWritten: () => void;
}
