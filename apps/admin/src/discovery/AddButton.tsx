import AddIcon from '@mui/icons-material/Add';
import { Button } from '@mui/material';
import { LinkBase, useCanAccess } from 'react-admin';
import { prefilledCreatePath } from '../inputs/prefilledCreatePath.js';

interface AddButtonProps {
  readonly resource: string;
  /** What the form starts with. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly label: string;
}

/** Opens the create page of a resource with the form filled; nothing for those who may not create. */
export const AddButton = ({ resource, fields, label }: AddButtonProps) => {
  const { canAccess } = useCanAccess({ resource, action: 'create' });
  if (canAccess !== true) return null;
  return (
    <Button
      size="small"
      startIcon={<AddIcon />}
      component={LinkBase}
      to={prefilledCreatePath(resource, fields)}
      sx={{ flex: 'none' }}
    >
      {label}
    </Button>
  );
};
