import { Dialog, DialogContent, DialogTitle } from '@mui/material';
import { Form, SaveButton, Toolbar } from 'react-admin';
import { GibibytesInput } from '../../inputs/GibibytesInput.js';

interface BudgetDialogProps {
  readonly memoryBudgetBytes: number | null;
  readonly onSave: (memoryBudgetBytes: number | null) => void;
  readonly onClose: () => void;
}

const minBudgetBytes = 64 * 1024 ** 2;

/** How much main memory all local models together may take. */
export const BudgetDialog = ({ memoryBudgetBytes, onSave, onClose }: BudgetDialogProps) => (
  <Dialog open onClose={onClose} fullWidth maxWidth="sm">
    <DialogTitle>Memory for local models</DialogTitle>
    <DialogContent>
      <Form
        record={{ memoryBudgetBytes }}
        onSubmit={(values: Readonly<Record<string, unknown>>) => {
          const bytes: unknown = values['memoryBudgetBytes'];
          onSave(typeof bytes === 'number' ? bytes : null);
        }}
      >
        <GibibytesInput
          source="memoryBudgetBytes"
          label="Budget"
          minBytes={minBudgetBytes}
          helperText="Empty = what the machine has, less a part for everything else. Less than models take now sends idle ones away; those that serve finish"
        />
        <Toolbar>
          <SaveButton alwaysEnable />
        </Toolbar>
      </Form>
    </DialogContent>
  </Dialog>
);
