import CloudIcon from '@mui/icons-material/CloudOutlined';
import LocalIcon from '@mui/icons-material/LaptopOutlined';
import { Chip } from '@mui/material';

/** Who answered, or would answer: an engine on this machine or a provider elsewhere. */
export type TargetKind = 'local' | 'provider';

interface OriginChipProps {
  readonly kind: TargetKind;
  /** In place of "local" and "cloud". */
  readonly label?: string;
  /** A target that is set but may not be used. */
  readonly isMuted?: boolean;
}

/** Green with a laptop for this machine, violet with a cloud for elsewhere, all over the panel. */
export const OriginChip = ({ kind, label, isMuted = false }: OriginChipProps) => {
  const isLocal = kind === 'local';
  return (
    <Chip
      size="small"
      variant="outlined"
      color={isMuted ? 'default' : isLocal ? 'primary' : 'secondary'}
      icon={isLocal ? <LocalIcon /> : <CloudIcon />}
      label={label ?? (isLocal ? 'local' : 'cloud')}
      title={isLocal ? 'Runs on this machine' : 'Leaves this machine for a provider'}
      sx={{
        px: 0.25,
        maxWidth: '100%',
        ...(isMuted && { opacity: 0.65, '& .MuiChip-label': { textDecoration: 'line-through' } }),
      }}
    />
  );
};
