import MoreIcon from '@mui/icons-material/MoreVert';
import { Box, Button, IconButton, ListItemIcon, ListItemText, Menu, MenuItem } from '@mui/material';
import { useState } from 'react';
import { useCanAccess, useRecordContext } from 'react-admin';
import type { LocalModel } from '../LocalModel.js';
import { CommandIcon } from './CommandIcon.js';
import { commandToSend, mainCommand, offeredCommands } from './modelCommands.js';
import type { ModelCommand } from './modelCommands.js';
import { useModelCommand } from './useModelCommand.js';

/** The command wanted most beside a menu of the others, for a row of the list. */
export const CommandMenu = () => {
  const model = useRecordContext<LocalModel>();
  const { canAccess } = useCanAccess({ resource: 'local-models', action: 'edit' });
  const { running, run } = useModelCommand();
  if (model === undefined || canAccess !== true) return null;

  const main = mainCommand(model);
  const send = (command: ModelCommand) => {
    const name = commandToSend(command, model);
    if (name !== null) run(model, name);
  };
  return (
    <Box sx={{ display: 'flex', justifyContent: 'flex-end', flexWrap: 'nowrap' }}>
      <Button
        size="small"
        color={main.label === 'Stop' ? 'inherit' : 'primary'}
        startIcon={<CommandIcon label={main.label} />}
        loading={running !== null || model.state === 'stopping'}
        disabled={commandToSend(main, model) === null}
        onClick={(event) => {
          // the row below opens the editor
          event.stopPropagation();
          send(main);
        }}
      >
        {main.label}
      </Button>
      <MoreCommands model={model} send={send} />
    </Box>
  );
};

interface MoreCommandsProps {
  readonly model: LocalModel;
  readonly send: (command: ModelCommand) => void;
}

const MoreCommands = ({ model, send }: MoreCommandsProps) => {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    // what is clicked here must not reach the row
    <Box component="span" onClick={(event) => event.stopPropagation()}>
      <IconButton
        size="small"
        aria-label={`More commands for ${model.name}`}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ paper: { sx: { maxWidth: 380 } } }}
      >
        {offeredCommands(model).map((command) => (
          <MenuItem
            key={command.label}
            dense
            disabled={commandToSend(command, model) === null}
            onClick={() => {
              setAnchor(null);
              send(command);
            }}
          >
            <ListItemIcon>
              <CommandIcon label={command.label} />
            </ListItemIcon>
            <ListItemText
              primary={command.label}
              secondary={command.hint}
              slotProps={{ secondary: { sx: { whiteSpace: 'normal' } } }}
            />
          </MenuItem>
        ))}
      </Menu>
    </Box>
  );
};
