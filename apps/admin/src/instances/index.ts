import InstancesIcon from '@mui/icons-material/TerminalOutlined';
import type { ResourceProps } from 'react-admin';
import { InstanceList } from './InstanceList.js';
import { InstanceShow } from './InstanceShow.js';

export const instances = {
  icon: InstancesIcon,
  options: { label: 'Instances' },
  recordRepresentation: 'localModelName',
  list: InstanceList,
  show: InstanceShow,
} satisfies Omit<ResourceProps, 'name'>;
