import { Box, Button, Typography } from '@mui/material';
import { LinkBase } from 'react-admin';
import { formatBytes } from '../format/formatBytes.js';
import { formatDuration } from '../format/formatDuration.js';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { useNow } from '../fields/useNow.js';
import { memoryBytes } from '../instances/figureTexts.js';
import type { Instance } from '../instances/Instance.js';
import { uptimeMs } from '../instances/uptimeMs.js';
import { Section } from '../layout/Section.js';

interface RunningInstancesProps {
  readonly instances: readonly Instance[];
}

/** The engines that hold memory right now. */
export const RunningInstances = ({ instances }: RunningInstancesProps) => {
  const running = instances.filter(({ endedAt }) => endedAt === null);
  return (
    <Section
      title="Running engines"
      action={
        <Button size="small" component={LinkBase} to="/instances">
          All instances
        </Button>
      }
    >
      {running.length === 0 ? (
        <Typography variant="body2" color="textSecondary">
          None. An engine starts as soon as a request asks for its model.
        </Typography>
      ) : null}
      {running.map((instance) => (
        <Row key={instance.id} instance={instance} />
      ))}
    </Section>
  );
};

const Uptime = ({ instance }: { readonly instance: Instance }) => (
  <Figure name="up for" value={formatDuration(uptimeMs(instance, useNow()))} />
);

const Row = ({ instance }: { readonly instance: Instance }) => (
  <Box
    sx={{
      display: 'grid',
      alignItems: 'center',
      columnGap: 3,
      rowGap: 0.5,
      gridTemplateColumns: {
        xs: 'minmax(0, 1fr) minmax(0, 1fr)',
        lg: 'minmax(0, 1fr) 100px 160px 95px 90px 130px',
      },
      py: 1,
      typography: 'body2',
      '& + &': { borderTop: 1, borderColor: 'divider' },
    }}
  >
    <Box
      component={LinkBase}
      to={`/instances/${encodeURIComponent(instance.id)}/show`}
      sx={{ minWidth: 0, color: 'primary.main', textDecoration: 'none' }}
    >
      <Mono>{instance.localModelName}</Mono>
    </Box>
    <Status value={instance.state} />
    <Uptime instance={instance} />
    <Figure name="in use by" value={String(instance.leases)} />
    {instance.abandoned > 0 && <Figure name="abandoned" value={String(instance.abandoned)} />}
    <Figure name="served" value={String(instance.requestsServed)} />
    <Figure name="memory" value={formatBytes(memoryBytes(instance))} />
  </Box>
);

const Figure = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <Box sx={{ whiteSpace: 'nowrap' }}>
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {name}
    </Box>{' '}
    {value}
  </Box>
);
