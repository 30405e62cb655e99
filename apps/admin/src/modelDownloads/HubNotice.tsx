import { Alert } from '@mui/material';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { usePolled } from '../providers/usePolled.js';
import { HubTokenDialog } from './HubTokenDialog.js';
import type { ModelHub } from './ModelDownload.js';

const readHub = (provider: SpillwayDataProvider) => provider.modelHub();

/** Where models come from and go to, and with which token; or how to allow downloads at all. */
export const HubNotice = () => {
  const { value: hub, reload } = usePolled(readHub, null);
  if (hub === null) return null;
  if (!hub.isEnabled)
    return (
      <Alert severity="info" sx={{ mb: 2 }}>
        Model downloads are switched off on this host. Start the gateway with
        SPILLWAY_MODEL_DOWNLOADS=on to allow them.
      </Alert>
    );
  return (
    <Alert
      severity={hub.needsToken ? 'warning' : 'info'}
      action={<HubTokenDialog hub={hub} onChange={reload} />}
      sx={{ mb: 2 }}
    >
      From {hub.url} into {hub.cacheFolder}. {describeToken(hub)}
    </Alert>
  );
};

function describeToken({ tokenSource, tokenHint, needsToken }: ModelHub): string {
  if (needsToken) return 'The stored token cannot be opened any more; enter it again.';
  if (tokenSource === 'stored') return `Gated repositories open with the token ${tokenHint ?? ''}.`;
  if (tokenSource === 'environment') return 'Gated repositories open with HF_TOKEN.';
  return 'Gated and private repositories need a token.';
}
