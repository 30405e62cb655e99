import type { LocalModel } from '../LocalModel.js';

export type CommandLabel =
  'Load' | 'Stop' | 'Unload' | 'Restart' | 'Sleep' | 'Wake' | 'Pin' | 'Unpin';

/** One thing that can be wanted of a model, as it is offered. */
export interface ModelCommand {
  readonly label: CommandLabel;
  readonly hint: string;
  /** What the API calls it; the first that the model takes now is sent. */
  readonly sends: readonly string[];
}

/** The usual ones first. */
export const modelCommands = [
  {
    label: 'Load',
    hint: 'Load it now, before a request needs it',
    sends: ['warm', 'start'],
  },
  {
    label: 'Stop',
    hint: 'End its engine; requests that it serves have a minute',
    sends: ['stop'],
  },
  {
    label: 'Unload',
    hint: 'End its engine when it has finished what it serves',
    sends: ['unload'],
  },
  { label: 'Restart', hint: 'Stop it and load it again', sends: ['restart'] },
  {
    label: 'Sleep',
    hint: 'Give its memory back and keep its process, for engines that can',
    sends: ['sleep'],
  },
  { label: 'Wake', hint: 'End its sleep', sends: ['wake'] },
  { label: 'Pin', hint: 'Keep it in memory whatever others need', sends: ['pin'] },
  { label: 'Unpin', hint: 'Let it leave for others, or when it is idle', sends: ['unpin'] },
] as const satisfies readonly ModelCommand[];

/** The command to send, or null when the model does not take it now. */
export function commandToSend(
  { sends }: ModelCommand,
  { commands }: Pick<LocalModel, 'commands'>,
): string | null {
  return sends.find((each) => commands.includes(each)) ?? null;
}

/** The one that stands in the row of a list: stop what runs, else load. */
export function mainCommand(model: Pick<LocalModel, 'commands'>): ModelCommand {
  const [load, stop] = modelCommands;
  return commandToSend(stop, model) === null ? load : stop;
}

/** Without the half of a pair that makes no sense now, such as to unpin what is not pinned. */
export function offeredCommands(model: Pick<LocalModel, 'commands'>): readonly ModelCommand[] {
  const { commands } = model;
  const hidden = new Set<CommandLabel>([
    commands.includes('unpin') ? 'Pin' : 'Unpin',
    commands.includes('wake') ? 'Sleep' : 'Wake',
  ]);
  return modelCommands.filter(({ label }) => !hidden.has(label));
}
