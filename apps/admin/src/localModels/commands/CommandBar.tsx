import { Box, Button, Tooltip } from '@mui/material';
import { useCallback } from 'react';
import { useCanAccess, useRecordContext } from 'react-admin';
import { Status } from '../../fields/Status.js';
import type { SpillwayDataProvider } from '../../providers/dataProvider.js';
import { usePolled } from '../../providers/usePolled.js';
import type { LocalModel } from '../LocalModel.js';
import { CommandIcon } from './CommandIcon.js';
import { commandToSend, offeredCommands } from './modelCommands.js';
import { useModelCommand } from './useModelCommand.js';

/** States change without anybody's doing in the panel. */
const refreshMs = 2000;

/** How the model stands now, and every command; those that would change nothing are greyed out. */
export const CommandBar = () => {
  const record = useRecordContext<LocalModel>();
  return record === undefined ? null : <LiveCommandBar record={record} />;
};

const LiveCommandBar = ({ record }: { readonly record: LocalModel }) => {
  const { canAccess } = useCanAccess({ resource: 'local-models', action: 'edit' });
  // apart from the form's own record, which what is typed hangs on
  const read = useCallback(
    async (provider: SpillwayDataProvider) =>
      (await provider.getOne<LocalModel>('local-models', { id: record.id })).data,
    [record.id],
  );
  const { value, reload } = usePolled(read, refreshMs);
  const { running, run } = useModelCommand(reload);
  const model = value ?? record;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
      <Status value={model.isEnabled ? model.state : 'disabled'} />
      {canAccess === true &&
        offeredCommands(model).map((command) => {
          const name = commandToSend(command, model);
          return (
            <Tooltip key={command.label} title={command.hint}>
              <span>
                <Button
                  size="small"
                  startIcon={<CommandIcon label={command.label} />}
                  loading={name !== null && running === name}
                  disabled={name === null || running !== null}
                  onClick={() => name !== null && run(model, name)}
                >
                  {command.label}
                </Button>
              </span>
            </Tooltip>
          );
        })}
    </Box>
  );
};
