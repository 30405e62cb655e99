import AddIcon from '@mui/icons-material/Add';
import RemoveIcon from '@mui/icons-material/Close';
import ExpandIcon from '@mui/icons-material/ExpandMore';
import {
  Alert,
  Box,
  Button,
  Collapse,
  IconButton,
  ListItemText,
  Menu,
  MenuItem,
  Typography,
} from '@mui/material';
import { useId, useState } from 'react';
import { useInput } from 'react-admin';
import { capabilities, firstValue, type CapabilityOverrides } from './capabilities.js';
import { CapabilityInput } from './CapabilityInput.js';
import { withOverride, withoutOverride } from './changeOverrides.js';

type Change = (overrides: CapabilityOverrides | null) => void;

interface OverridesProps {
  readonly overrides: CapabilityOverrides | null;
  readonly onChange: Change;
}

/** What the owner says of a model in place of what the gateway knows; folded while nobody asks. */
export const CapabilitiesInput = ({ source }: { readonly source: string }) => {
  const { field, fieldState } = useInput<CapabilityOverrides | null>({
    source,
    defaultValue: null,
  });
  const overrides = (field.value ?? null) as CapabilityOverrides | null;
  const [isOpen, setIsOpen] = useState(false);
  const panelId = useId();
  const count = Object.keys(overrides ?? {}).length;
  const fault = fieldState.error?.message;
  return (
    <Box sx={{ gridColumn: '1 / -1', minWidth: 0 }}>
      <Button
        size="small"
        color="inherit"
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setIsOpen(!isOpen)}
        endIcon={
          <ExpandIcon
            sx={{ transform: isOpen ? 'rotate(180deg)' : 'none', transition: 'transform .15s' }}
          />
        }
        sx={{ color: 'text.secondary', ml: -0.5 }}
      >
        {count === 0 ? 'Capabilities' : `Capabilities (${count} overridden)`}
      </Button>
      {fault === undefined ? null : <Alert severity="error">{fault}</Alert>}
      <Collapse in={isOpen} id={panelId} unmountOnExit>
        <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
          Spillway knows what most models take, and leaves out, rewrites or refuses what one does
          not. Where it is wrong, or the model is unknown to it, say it here: only what stands here
          is overridden, and “Translate” shows the effect.
        </Typography>
        <Overrides overrides={overrides} onChange={field.onChange} />
        <OverrideMenu overrides={overrides} onChange={field.onChange} />
      </Collapse>
    </Box>
  );
};

const Overrides = ({ overrides, onChange }: OverridesProps) => (
  <Box
    sx={{
      display: 'grid',
      columnGap: 2,
      gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, 1fr) minmax(0, 1fr)' },
    }}
  >
    {capabilities
      .filter(({ name }) => Object.hasOwn(overrides ?? {}, name))
      .map((capability) => (
        <Box
          key={capability.name}
          sx={{ display: 'flex', alignItems: 'flex-start', gap: 0.5, minWidth: 0 }}
        >
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <CapabilityInput
              capability={capability}
              value={overrides?.[capability.name] ?? null}
              onChange={(value) => onChange(withOverride(overrides, capability.name, value))}
            />
          </Box>
          <IconButton
            size="small"
            aria-label={`Stop overriding “${capability.label}”`}
            onClick={() => onChange(withoutOverride(overrides, capability.name))}
            sx={{ mt: 1.5 }}
          >
            <RemoveIcon fontSize="small" />
          </IconButton>
        </Box>
      ))}
  </Box>
);

const OverrideMenu = ({ overrides, onChange }: OverridesProps) => {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const rest = capabilities.filter(({ name }) => !Object.hasOwn(overrides ?? {}, name));
  return (
    <>
      <Button
        size="small"
        startIcon={<AddIcon />}
        aria-haspopup="menu"
        disabled={rest.length === 0}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        Override a capability
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ paper: { sx: { maxHeight: 420, maxWidth: 440 } } }}
      >
        {rest.map(({ name, label, hint, field }) => (
          <MenuItem
            key={name}
            dense
            onClick={() => {
              onChange(withOverride(overrides, name, firstValue(field)));
              setAnchor(null);
            }}
          >
            <ListItemText
              primary={label}
              secondary={hint}
              slotProps={{ secondary: { sx: { whiteSpace: 'normal' } } }}
            />
          </MenuItem>
        ))}
      </Menu>
    </>
  );
};
