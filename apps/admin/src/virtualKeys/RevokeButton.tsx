import RevokeIcon from '@mui/icons-material/BlockOutlined';
import { DeleteWithConfirmButton, useCanAccess, useRecordContext } from 'react-admin';
import type { VirtualKey } from './VirtualKey.js';

/** Ends a key for good, after a question; nothing for one that is revoked already. */
export const RevokeButton = () => {
  const key = useRecordContext<VirtualKey>();
  const { canAccess } = useCanAccess({ resource: 'virtual-keys', action: 'delete' });
  if (key === undefined || key.revokedAt !== null || canAccess !== true) return null;
  return (
    <DeleteWithConfirmButton
      label="Revoke"
      color="inherit"
      icon={<RevokeIcon />}
      mutationMode="pessimistic"
      confirmTitle={`Revoke the key “${key.name}”?`}
      confirmContent="Programs that use it are refused at once, and it cannot be taken back. The key and its requests stay in the log."
      successMessage="spillway.keyRevoked"
      redirect="list"
    />
  );
};
