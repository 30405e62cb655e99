import { SelectInput } from 'react-admin';

const choices = [
  { id: 'stop', name: 'Ends with the gateway' },
  { id: 'keep', name: 'Runs on, and the next gateway goes on with it' },
];

/** What becomes of the engine of a model when the gateway is killed. */
export const GatewayDeathInput = () => (
  <SelectInput
    source="onGatewayDeath"
    label="When the gateway is killed, its engine"
    choices={choices}
    emptyText="As set for this host (SPILLWAY_ON_GATEWAY_DEATH)"
    parse={(value: unknown) => (value === '' ? null : value)}
    helperText="Takes effect with the next start of the engine"
  />
);
