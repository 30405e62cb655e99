import { Status } from '../fields/Status.js';
import { useNow } from '../fields/useNow.js';
import { keyStatus, type VirtualKey } from './VirtualKey.js';

/** Whether a key can be used now. */
export const KeyStatus = ({ virtualKey }: { readonly virtualKey: VirtualKey }) => (
  <Status value={keyStatus(virtualKey, useNow())} />
);
