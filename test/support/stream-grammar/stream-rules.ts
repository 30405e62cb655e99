/** What a judge of a stream must know beside the stream itself. */
export interface StreamRules {
  /** Did the caller ask for a usage record? Only chat streams leave it out otherwise. */
  readonly includesUsage: boolean;
  /** Arguments come from the model as they are; only where it was honest must they be JSON. */
  readonly hasValidArguments?: boolean;
}
