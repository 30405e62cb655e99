import AddIcon from '@mui/icons-material/Add';
import { Box, Button } from '@mui/material';
import {
  ArrayInput,
  FormDataConsumer,
  maxLength,
  minLength,
  ReferenceInput,
  required,
  SelectInput,
  SimpleFormIterator,
  TextInput,
  useSimpleFormIterator,
} from 'react-admin';
import { CapabilitiesInput } from '../capabilities/CapabilitiesInput.js';
import { UsdInput } from '../inputs/UsdInput.js';
import type { RouteTarget } from './ModelRoute.js';

const kindChoices = [
  { id: 'local', name: 'Local model' },
  { id: 'provider', name: 'Provider (cloud)' },
];

const targetCount = [
  minLength(1, 'Add at least one target'),
  maxLength(16, 'At most 16 targets fit a route'),
];

const twoColumns = {
  display: 'grid',
  columnGap: 2,
  width: '100%',
  gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, 1fr) minmax(0, 1fr)' },
} as const;

const byName = { field: 'name', order: 'ASC' } as const;

/** The ordered targets of a route; each shows the inputs that fit its kind. */
export const TargetsInput = () => (
  <ArrayInput
    source="targets"
    label={false}
    validate={targetCount}
    defaultValue={[{ kind: 'local' }]}
    helperText={false}
  >
    <SimpleFormIterator
      disableClear
      addButton={<AddTargetButton />}
      getItemLabel={(index) => `${index + 1}.`}
      sx={{
        '& .RaSimpleFormIterator-line': {
          alignItems: 'flex-start',
          borderColor: 'divider',
          py: 1.5,
        },
        '& .RaSimpleFormIterator-index': { pt: 1.75, pr: 1.5, color: 'text.secondary' },
        '& .RaSimpleFormIterator-action': { pt: 1 },
      }}
    >
      <Box sx={twoColumns}>
        <SelectInput
          source="kind"
          label="Kind"
          choices={kindChoices}
          defaultValue="local"
          validate={required()}
          helperText={false}
        />
        <FormDataConsumer>
          {({ scopedFormData }: { scopedFormData?: Partial<RouteTarget> }) =>
            scopedFormData?.kind === 'provider' ? <ProviderTarget /> : <LocalTarget />
          }
        </FormDataConsumer>
        <CapabilitiesInput source="capabilities" />
      </Box>
    </SimpleFormIterator>
  </ArrayInput>
);

const AddTargetButton = () => {
  const { add } = useSimpleFormIterator();
  return (
    <Button size="small" startIcon={<AddIcon />} onClick={() => add({ kind: 'local' })}>
      Add a target
    </Button>
  );
};

const LocalTarget = () => (
  <ReferenceInput source="localModelId" reference="local-models" perPage={100} sort={byName}>
    <SelectInput
      label="Local model"
      optionText="name"
      validate={required()}
      helperText={false}
      emptyText="Choose a model"
    />
  </ReferenceInput>
);

const ProviderTarget = () => (
  <>
    <ReferenceInput source="providerId" reference="providers" perPage={100} sort={byName}>
      <SelectInput
        label="Provider"
        optionText="name"
        validate={required()}
        helperText={false}
        emptyText="Choose a provider"
      />
    </ReferenceInput>
    <TextInput
      source="upstreamModel"
      label="Model at the provider"
      validate={required()}
      helperText="As the provider spells it; “Test” on the provider’s page lists what it offers"
      autoComplete="off"
      sx={{ gridColumn: '1 / -1' }}
    />
    <UsdInput
      source="priceInputNanosPerMTok"
      label="Input price (optional)"
      helperText="Per million tokens, in place of the price table"
    />
    <UsdInput
      source="priceOutputNanosPerMTok"
      label="Output price (optional)"
      helperText="Per million tokens, in place of the price table"
    />
  </>
);
