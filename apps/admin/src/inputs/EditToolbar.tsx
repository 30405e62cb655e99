import { Box } from '@mui/material';
import { DeleteWithConfirmButton, SaveButton, Toolbar } from 'react-admin';

interface EditToolbarProps {
  /** "Delete this provider?" */
  readonly question: string;
  /** What will no longer work afterwards. */
  readonly consequence: string;
  readonly label?: string;
}

/** Save at the left, delete with a question at the right. */
export const EditToolbar = ({ question, consequence, label = 'Delete' }: EditToolbarProps) => (
  <Toolbar>
    <SaveButton alwaysEnable />
    <Box sx={{ flex: 1 }} />
    <DeleteWithConfirmButton
      label={label}
      confirmTitle={question}
      confirmContent={consequence}
      mutationMode="pessimistic"
    />
  </Toolbar>
);
