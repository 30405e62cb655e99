import TestIcon from '@mui/icons-material/NetworkCheckOutlined';
import { Button } from '@mui/material';
import { useState, type MouseEvent } from 'react';
import { useCanAccess, useDataProvider, useRecordContext } from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import type { Provider, ProviderTestResult } from './Provider.js';
import { ProviderTestDialog } from './ProviderTestDialog.js';

/** Asks the gateway to call the provider with the stored credential, and shows what came of it. */
export const ProviderTestButton = () => {
  const provider = useRecordContext<Provider>();
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const { canAccess } = useCanAccess({ resource: 'providers', action: 'edit' });
  const [isBusy, setIsBusy] = useState(false);
  const [result, setResult] = useState<ProviderTestResult | null>(null);
  if (provider === undefined || canAccess !== true) return null;

  const test = (event: MouseEvent) => {
    // the row below opens the editor
    event.stopPropagation();
    setIsBusy(true);
    void dataProvider
      .runAction<ProviderTestResult>('providers', provider.id, 'test')
      .catch((error: unknown) => ({ ok: false, message: messageOf(error), models: [] }))
      .then(setResult)
      .finally(() => setIsBusy(false));
  };

  return (
    <>
      <Button size="small" startIcon={<TestIcon />} loading={isBusy} onClick={test}>
        Test
      </Button>
      {result === null ? null : (
        <ProviderTestDialog
          providerName={provider.name}
          result={result}
          onClose={() => setResult(null)}
        />
      )}
    </>
  );
};
