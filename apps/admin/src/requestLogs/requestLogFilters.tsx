import {
  AutocompleteInput,
  NullableBooleanInput,
  ReferenceInput,
  SelectInput,
  useGetList,
} from 'react-admin';
import { EpochInput } from '../inputs/EpochInput.js';
import type { ModelRoute } from '../modelRoutes/ModelRoute.js';
import { protocols } from '../protocols/protocols.js';
import { explainedCodes } from './explainError.js';
import { outcomes } from './RequestLog.js';

const outcomeChoices = outcomes.map((outcome) => ({ id: outcome, name: outcome }));

const errorCodeChoices = explainedCodes.map((code) => ({ id: code, name: code }));

const servedChoices = [
  { id: 'local', name: 'this machine' },
  { id: 'provider', name: 'cloud' },
];

interface FilterProps {
  readonly source: string;
  readonly label: string;
  readonly alwaysOn?: boolean;
}

/** The log keeps names, not ids: a route may be gone while its requests are still here. */
const RouteFilter = ({ source, label }: FilterProps) => {
  const { data: routes = [] } = useGetList<ModelRoute>('model-routes', {
    pagination: { page: 1, perPage: 100 },
    sort: { field: 'name', order: 'ASC' },
  });
  return (
    <SelectInput
      source={source}
      label={label}
      choices={routes.map(({ name }) => ({ id: name, name }))}
      helperText={false}
    />
  );
};

const KeyFilter = ({ source, label }: FilterProps) => (
  <ReferenceInput source={source} reference="virtual-keys" perPage={100}>
    <AutocompleteInput label={label} optionText="name" helperText={false} />
  </ReferenceInput>
);

/** The first three are always there, the rest behind "Add filter". */
export const requestLogFilters = [
  <SelectInput
    key="outcome"
    source="outcome"
    label="Outcome"
    choices={outcomeChoices}
    alwaysOn
    helperText={false}
  />,
  <SelectInput
    key="servedKind"
    source="servedKind"
    label="Served by"
    choices={servedChoices}
    alwaysOn
    helperText={false}
  />,
  <RouteFilter key="routeName" source="routeName" label="Route" alwaysOn />,
  <KeyFilter key="keyId" source="keyId" label="Key" />,
  <SelectInput
    key="protocol"
    source="protocol"
    label="Asked in"
    choices={[...protocols]}
    helperText={false}
  />,
  <NullableBooleanInput key="isStream" source="isStream" label="Streamed" helperText={false} />,
  <AutocompleteInput
    key="errorCode"
    source="errorCode"
    label="Error code"
    choices={errorCodeChoices}
    helperText={false}
  />,
  <EpochInput key="createdAfter" source="createdAfter" label="From" helperText={false} />,
  <EpochInput key="createdBefore" source="createdBefore" label="Until" helperText={false} />,
];
