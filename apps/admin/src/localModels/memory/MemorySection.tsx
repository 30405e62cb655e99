import { Alert, Box, Button, FormControlLabel, Switch } from '@mui/material';
import { useState } from 'react';
import { useCanAccess } from 'react-admin';
import { Section } from '../../layout/Section.js';
import { BudgetDialog } from './BudgetDialog.js';
import { PoolBar } from './PoolBar.js';
import { useLocalResources } from './useLocalResources.js';

/** The memory that local models share, and the switch that keeps more of it from being taken. */
export const MemorySection = () => {
  const { canAccess } = useCanAccess({ resource: 'local-models', action: 'edit' });
  const { resources, change } = useLocalResources();
  const [isEditing, setIsEditing] = useState(false);
  if (resources === null) return null;

  const mayChange = canAccess === true;
  return (
    <Section
      title="Memory"
      hint="What local models share. Models that do not fit together take turns."
      action={
        <Button size="small" disabled={!mayChange} onClick={() => setIsEditing(true)}>
          Change the budget
        </Button>
      }
      sx={{ my: 2 }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, alignItems: 'center' }}>
        {resources.pools.map((pool) => (
          <PoolBar key={pool.pool} pool={pool} />
        ))}
        <FormControlLabel
          control={
            <Switch
              checked={resources.isPaused}
              disabled={!mayChange}
              onChange={(_event, isPaused) => change({ isPaused })}
            />
          }
          label="Pause loading"
        />
      </Box>
      {resources.isPaused ? (
        <Alert severity="info" sx={{ mt: 1.5 }}>
          Nothing is loaded while paused. Models that are in memory go on serving; requests for
          others go where their route allows, or are refused.
        </Alert>
      ) : null}
      {isEditing ? (
        <BudgetDialog
          memoryBudgetBytes={resources.memoryBudgetBytes}
          onSave={(memoryBudgetBytes) => {
            setIsEditing(false);
            change({ memoryBudgetBytes });
          }}
          onClose={() => setIsEditing(false)}
        />
      ) : null}
    </Section>
  );
};
