import SleepIcon from '@mui/icons-material/BedtimeOutlined';
import UnloadIcon from '@mui/icons-material/EjectOutlined';
import LoadIcon from '@mui/icons-material/PlayArrow';
import PinIcon from '@mui/icons-material/PushPinOutlined';
import RestartIcon from '@mui/icons-material/RestartAlt';
import StopIcon from '@mui/icons-material/Stop';
import WakeIcon from '@mui/icons-material/WbSunnyOutlined';
import type { SvgIconComponent } from '@mui/icons-material';
import type { CommandLabel } from './modelCommands.js';

const icons: Readonly<Record<CommandLabel, SvgIconComponent>> = {
  Load: LoadIcon,
  Stop: StopIcon,
  Unload: UnloadIcon,
  Restart: RestartIcon,
  Sleep: SleepIcon,
  Wake: WakeIcon,
  Pin: PinIcon,
  Unpin: PinIcon,
};

export const CommandIcon = ({ label }: { readonly label: CommandLabel }) => {
  const Icon = icons[label];
  return <Icon fontSize="small" />;
};
