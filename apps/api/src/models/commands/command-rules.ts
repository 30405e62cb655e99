/** What a person may want of a local model. Each is carried out, refused in words, or true already. */
export const localModelCommands = [
  'start',
  'warm',
  'wake',
  'sleep',
  'pin',
  'unpin',
  'unload',
  'restart',
  'stop',
] as const;

export type LocalModelCommand = (typeof localModelCommands)[number];

/** What decides about a command. */
export interface CommandFacts {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isPinned: boolean;
  /** Its engine is run by somebody else. */
  readonly isAttached: boolean;
  /** Its engine can give its memory back without ending. */
  readonly canSleep: boolean;
  readonly isLoadingPaused: boolean;
  readonly state: string;
  /** Why it is down, where it is. */
  readonly reason: string | null;
  readonly leases: number;
}

const upStates: ReadonlySet<string> = new Set(['queued', 'starting', 'waking', 'ready', 'suspect']);
const downStates: ReadonlySet<string> = new Set([
  'cold',
  'stopping',
  'reclaiming',
  'backoff',
  'quarantined',
  'unavailable',
]);
const restingStates: ReadonlySet<string> = new Set(['backoff', 'quarantined', 'unavailable']);
const loadingCommands: ReadonlySet<LocalModelCommand> = new Set([
  'start',
  'warm',
  'wake',
  'restart',
]);

/** True when the model is as the command wants it: there is nothing to do. */
export function isDone(command: LocalModelCommand, facts: CommandFacts): boolean {
  const { state, isPinned } = facts;
  switch (command) {
    case 'start':
    case 'warm':
      return upStates.has(state);
    case 'wake':
      return facts.canSleep && upStates.has(state);
    case 'sleep':
      return state === 'sleeping';
    case 'pin':
      return isPinned;
    case 'unpin':
      return !isPinned;
    case 'unload':
      return downStates.has(state) || state === 'draining';
    case 'stop':
      // one that is on its way out is waited for
      return downStates.has(state) && state !== 'stopping';
    case 'restart':
      return false;
  }
}

/** Why the command cannot be carried out as things are, and what to do about it; null when it can. */
export function refuseCommand(command: LocalModelCommand, facts: CommandFacts): string | null {
  if (isDone(command, facts)) return null;
  const { name, state, isAttached } = facts;
  const model = `The local model \`${name}\``;
  if (loadingCommands.has(command)) {
    if (!facts.isEnabled) return `${model} is disabled. Enable it first.`;
    if (facts.isLoadingPaused)
      return `${model} is not loaded, because loading is paused. Resume it first (\`isPaused\` of /api/local-resources).`;
  }
  if (isAttached && (command === 'unload' || command === 'restart'))
    return `${model} is served by a program that Spillway did not start. Do this there.`;
  if (!facts.canSleep && (command === 'sleep' || command === 'wake'))
    return `The engine of ${model.replace('The', 'the')} cannot sleep. Use \`unload\` to free its memory and \`warm\` to load it.`;
  if (command === 'sleep') return refuseSleep(model, facts);
  if (command === 'wake' && state !== 'sleeping')
    return `${model} does not sleep (${state}). Use \`warm\` to load it.`;
  if (command === 'warm' && restingStates.has(state))
    return `${model} is not tried again yet (${state}). ${facts.reason ?? ''} Use \`start\` to try it all the same.`;
  return null;
}

function refuseSleep(model: string, { state, leases }: CommandFacts): string | null {
  if (state !== 'ready') return `${model} cannot sleep now (${state}): only a ready one can.`;
  if (leases === 0) return null;
  return `${model} serves ${leases} ${leases === 1 ? 'request' : 'requests'}. Let it sleep when it is idle, or use \`unload\`.`;
}

/** The commands that would change something now. */
export function usefulCommands(facts: CommandFacts): LocalModelCommand[] {
  return localModelCommands.filter((command) => {
    if (isDone(command, facts) || refuseCommand(command, facts) !== null) return false;
    return command !== 'restart' || !downStates.has(facts.state);
  });
}
