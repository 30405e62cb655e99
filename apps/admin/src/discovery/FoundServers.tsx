import { Typography } from '@mui/material';
import { Mono } from '../fields/Mono.js';
import { Section } from '../layout/Section.js';
import { AdoptButton } from './AdoptButton.js';
import type { Discovery, FoundModel, FoundServer } from './Discovery.js';
import { FoundRow } from './FoundRow.js';

export const FoundServers = ({
  discovery: { servers, models },
}: {
  readonly discovery: Discovery;
}) => (
  <Section title="Running servers" hint="Model servers that are already listening on this machine.">
    {servers.length === 0 ? (
      <Typography variant="body2" color="textSecondary">
        None answers. Start Ollama, LM Studio or another server, and it shows up here.
      </Typography>
    ) : null}
    {servers.map((server) => (
      <Server
        key={server.origin}
        server={server}
        finds={models.filter(({ endpoint }) => endpoint === server.origin)}
      />
    ))}
  </Section>
);

interface ServerProps {
  readonly server: FoundServer;
  /** Its models as they can be added. */
  readonly finds: readonly FoundModel[];
}

const ModelAction = ({ find }: { readonly find: FoundModel | undefined }) =>
  find === undefined ? null : <AdoptButton find={find} />;

const Server = ({ server: { kind, origin, models }, finds }: ServerProps) => (
  <>
    {models.length === 0 ? <FoundRow title={kind} detail={`${origin}, without any model`} /> : null}
    {models.map((model) => (
      <FoundRow
        key={model}
        title={<Mono>{model}</Mono>}
        detail={`${kind} at ${origin}`}
        action={<ModelAction find={finds.find(({ upstreamModel }) => upstreamModel === model)} />}
      />
    ))}
  </>
);
