import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import type { ResourceProps } from 'react-admin';
import { ModelDownloadCreate } from './ModelDownloadCreate.js';
import { ModelDownloadList } from './ModelDownloadList.js';

export const modelDownloads = {
  icon: DownloadIcon,
  options: { label: 'Downloads' },
  recordRepresentation: 'repository',
  list: ModelDownloadList,
  create: ModelDownloadCreate,
} satisfies Omit<ResourceProps, 'name'>;
