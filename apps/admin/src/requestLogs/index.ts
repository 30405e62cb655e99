import RequestsIcon from '@mui/icons-material/ReceiptLongOutlined';
import type { ResourceProps } from 'react-admin';
import { RequestLogList } from './RequestLogList.js';
import { RequestLogShow } from './RequestLogShow.js';

export const requestLogs = {
  icon: RequestsIcon,
  options: { label: 'Requests' },
  recordRepresentation: 'id',
  list: RequestLogList,
  show: RequestLogShow,
} satisfies Omit<ResourceProps, 'name'>;
