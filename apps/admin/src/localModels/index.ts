import LocalModelsIcon from '@mui/icons-material/MemoryOutlined';
import type { ResourceProps } from 'react-admin';
import { LocalModelCreate } from './LocalModelCreate.js';
import { LocalModelEdit } from './LocalModelEdit.js';
import { LocalModelList } from './LocalModelList.js';

export const localModels = {
  icon: LocalModelsIcon,
  options: { label: 'Local models' },
  recordRepresentation: 'name',
  list: LocalModelList,
  create: LocalModelCreate,
  edit: LocalModelEdit,
} satisfies Omit<ResourceProps, 'name'>;
