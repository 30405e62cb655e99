import { Typography } from '@mui/material';
import { Mono } from '../fields/Mono.js';
import { Section } from '../layout/Section.js';
import { suggestFromServer } from '../localModels/suggestLocalModels.js';
import { AddButton } from './AddButton.js';
import type { FoundServer } from './Discovery.js';
import { FoundRow } from './FoundRow.js';

export const FoundServers = ({ servers }: { readonly servers: readonly FoundServer[] }) => (
  <Section title="Running servers" hint="Model servers that are already listening on this machine.">
    {servers.length === 0 ? (
      <Typography variant="body2" color="textSecondary">
        None answers. Start Ollama, LM Studio or another server, and it shows up here.
      </Typography>
    ) : null}
    {servers.map((server) => (
      <Server key={server.origin} server={server} />
    ))}
  </Section>
);

const Server = ({ server: { kind, origin, models } }: { readonly server: FoundServer }) => (
  <>
    {models.length === 0 ? <FoundRow title={kind} detail={`${origin}, without any model`} /> : null}
    {models.map((model) => (
      <FoundRow
        key={model}
        title={<Mono>{model}</Mono>}
        detail={`${kind} at ${origin}`}
        action={
          <AddButton
            resource="local-models"
            fields={{ ...suggestFromServer(origin, model) }}
            label="Add as local model"
          />
        }
      />
    ))}
  </>
);
