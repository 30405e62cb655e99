import ProvidersIcon from '@mui/icons-material/CloudOutlined';
import type { ResourceProps } from 'react-admin';
import { ProviderCreate } from './ProviderCreate.js';
import { ProviderEdit } from './ProviderEdit.js';
import { ProviderList } from './ProviderList.js';

export const providersAdmin = {
  icon: ProvidersIcon,
  options: { label: 'Providers' },
  recordRepresentation: 'name',
  list: ProviderList,
  create: ProviderCreate,
  edit: ProviderEdit,
} satisfies Omit<ResourceProps, 'name'>;
