import KeysIcon from '@mui/icons-material/KeyOutlined';
import type { ResourceProps } from 'react-admin';
import { VirtualKeyCreate } from './VirtualKeyCreate.js';
import { VirtualKeyEdit } from './VirtualKeyEdit.js';
import { VirtualKeyList } from './VirtualKeyList.js';

export const virtualKeys = {
  icon: KeysIcon,
  options: { label: 'Keys' },
  recordRepresentation: 'name',
  list: VirtualKeyList,
  create: VirtualKeyCreate,
  edit: VirtualKeyEdit,
} satisfies Omit<ResourceProps, 'name'>;
