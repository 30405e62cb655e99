import {
  AutocompleteArrayInput,
  BooleanInput,
  maxLength,
  minValue,
  NumberInput,
  RadioButtonGroupInput,
  required,
  TextInput,
  useGetList,
} from 'react-admin';
import { EpochInput } from '../inputs/EpochInput.js';
import { FormSection } from '../inputs/FormSection.js';
import type { ModelRoute } from '../modelRoutes/ModelRoute.js';
import { lossModes } from '../protocols/lossModes.js';
import { BudgetInputs } from './BudgetInputs.js';

const atLeastOne = minValue(1, 'Use 1 or more, or leave it empty');

export const VirtualKeyInputs = () => (
  <>
    <FormSection title="Key" hint="Name it after the program or person that will hold it.">
      <TextInput
        source="name"
        label="Name"
        validate={[required(), maxLength(100)]}
        helperText={false}
        autoComplete="off"
      />
      <EpochInput
        source="expiresAt"
        label="Expires (optional)"
        helperText="In the time zone of this browser; empty = never"
      />
      <BooleanInput source="isEnabled" label="Enabled" defaultValue={true} helperText={false} />
    </FormSection>
    <BudgetInputs />
    <LimitsSection />
    <TranslationSection />
  </>
);

const LimitsSection = () => (
  <FormSection title="Limits" hint="Leave a field empty for no limit.">
    <AllowedRoutesInput />
    <BooleanInput
      source="isPrivate"
      label="Private"
      defaultValue={false}
      helperText="Requests of this key never leave this machine, whatever a route allows"
    />
    <NumberInput
      source="requestsPerMinute"
      label="Requests a minute (optional)"
      validate={atLeastOne}
      step={1}
      min={1}
      helperText={false}
    />
    <NumberInput
      source="maxConcurrent"
      label="Requests at once (optional)"
      validate={atLeastOne}
      step={1}
      min={1}
      helperText={false}
    />
  </FormSection>
);

/** Stands for null, which no radio button can hold. */
const asTheRoute = 'route';

const TranslationSection = () => (
  <FormSection
    title="Translation"
    hint="For requests whose target speaks another protocol than this program."
  >
    <RadioButtonGroupInput
      source="lossMode"
      label="Losses"
      choices={[{ id: asTheRoute, name: 'As the route says' }, ...lossModes]}
      format={(mode: string | null | undefined) => mode ?? asTheRoute}
      parse={(mode: string) => (mode === asTheRoute ? null : mode)}
      row={false}
      helperText={false}
    />
    <BooleanInput
      source="mayFetchUrls"
      label="May have URLs fetched"
      defaultValue={false}
      helperText="Images and documents given by URL are fetched by the gateway for targets that take bytes alone; from public addresses only"
    />
  </FormSection>
);

/** The API takes names, not ids, so that a key can outlive a route; none chosen means all. */
const AllowedRoutesInput = () => {
  const { data: routes = [] } = useGetList<ModelRoute>('model-routes', {
    pagination: { page: 1, perPage: 100 },
    sort: { field: 'name', order: 'ASC' },
  });
  return (
    <AutocompleteArrayInput
      source="allowedRoutes"
      label="Allowed routes (optional)"
      choices={routes.map(({ name }) => ({ id: name, name }))}
      format={(names: readonly string[] | null) => names ?? []}
      helperText="Empty = all routes"
    />
  );
};
