import { Alert, Stack } from '@mui/material';
import { Loading, Title } from 'react-admin';
import { PageIntro } from '../layout/PageIntro.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { usePolled } from '../providers/usePolled.js';
import type { Discovery } from './Discovery.js';
import { FoundEngines } from './FoundEngines.js';
import { FoundKeys } from './FoundKeys.js';
import { FoundModelFiles } from './FoundModelFiles.js';
import { FoundServers } from './FoundServers.js';

const readDiscovery = (provider: SpillwayDataProvider) => provider.discovery();
const refreshMs = 15_000;

/** What Spillway found on this machine, each with the way to put it to use. */
export const DiscoveryPage = () => {
  const { value: discovery, fault } = usePolled(readDiscovery, refreshMs);
  return (
    <>
      <Title title="Found on this machine" />
      <PageIntro>
        Engines, running servers and model files that Spillway can use. Nothing here is used before
        you add it.
      </PageIntro>
      {fault === null ? null : (
        <Alert severity="error" sx={{ my: 2 }}>
          {fault}
        </Alert>
      )}
      {discovery === null ? fault === null && <Loading /> : <Found discovery={discovery} />}
    </>
  );
};

const Found = ({ discovery }: { readonly discovery: Discovery }) => (
  <Stack sx={{ gap: 2.5, mt: 2 }}>
    <FoundServers discovery={discovery} />
    <FoundModelFiles discovery={discovery} />
    <FoundEngines discovery={discovery} />
    <FoundKeys keys={discovery.environmentKeys} />
  </Stack>
);
