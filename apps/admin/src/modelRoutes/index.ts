import RoutesIcon from '@mui/icons-material/AltRoute';
import type { ResourceProps } from 'react-admin';
import { ModelRouteCreate } from './ModelRouteCreate.js';
import { ModelRouteEdit } from './ModelRouteEdit.js';
import { ModelRouteList } from './ModelRouteList.js';

export const modelRoutes = {
  icon: RoutesIcon,
  options: { label: 'Routes' },
  recordRepresentation: 'name',
  list: ModelRouteList,
  create: ModelRouteCreate,
  edit: ModelRouteEdit,
} satisfies Omit<ResourceProps, 'name'>;
