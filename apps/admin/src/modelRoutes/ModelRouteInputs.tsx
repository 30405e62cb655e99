import { Alert } from '@mui/material';
import { BooleanInput, FormDataConsumer, RadioButtonGroupInput } from 'react-admin';
import { FormSection } from '../inputs/FormSection.js';
import { NameInput } from '../inputs/NameInput.js';
import { lossModes } from '../protocols/lossModes.js';
import { FallbackBudgetInputs } from './FallbackBudgetInputs.js';
import { mayUseCloud, type ModelRoute } from './ModelRoute.js';
import { PatienceInputs } from './PatienceInputs.js';
import { TargetsInput } from './TargetsInput.js';

const cloudChoices = [
  { id: 'never', name: 'Never: everything stays on this machine' },
  { id: 'allow', name: 'Allowed: spill over to providers when no local target can answer' },
  { id: 'prefer', name: 'Preferred: ask providers first, and this machine when none can answer' },
];

export const ModelRouteInputs = () => (
  <>
    <FormSection title="Route" hint="What your programs send as “model”.">
      <NameInput
        helperText="For example “coder”, or the name of a well-known model a program insists on"
        pattern={/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,126}$/}
        patternHint="Use letters, digits and . _ : / @ -; start with a letter or digit"
      />
      <BooleanInput source="isEnabled" label="Enabled" defaultValue={true} helperText={false} />
    </FormSection>
    <FormSection title="Cloud" hint="May requests of this route leave this machine?">
      <RadioButtonGroupInput
        source="cloud"
        label="Use of providers"
        choices={cloudChoices}
        defaultValue="never"
        row={false}
        helperText={false}
      />
      <BooleanInput
        source="isPrivate"
        label="Private"
        defaultValue={false}
        helperText="Can never leave this machine, whatever else is set here or later"
      />
      <UnusedTargetsNotice />
    </FormSection>
    <FormSection
      title="Money"
      hint="What this route may spend at providers. Beyond it those that cost are passed over; local models and free providers go on."
    >
      <FallbackBudgetInputs />
    </FormSection>
    <FormSection
      title="Translation"
      hint="What to do when a target speaks another protocol and cannot carry all of a request."
    >
      <RadioButtonGroupInput
        source="lossMode"
        label="Losses"
        choices={[...lossModes]}
        defaultValue="warn"
        row={false}
        helperText={false}
      />
    </FormSection>
    <FormSection
      title="Targets"
      hint="Tried from top to bottom, except that local ones always come first, and free providers before the others."
    >
      <TargetsInput />
    </FormSection>
    <FormSection title="Patience" hint="When a request waits, and when it goes to the next target.">
      <PatienceInputs />
    </FormSection>
  </>
);

/** Says so when the two settings above make a provider target pointless. */
const UnusedTargetsNotice = () => (
  <FormDataConsumer<Partial<ModelRoute>>>
    {({ formData: { cloud = 'never', isPrivate = false, targets = [] } }) => {
      const hasProvider = targets.some((target) => target?.kind === 'provider');
      if (!hasProvider || mayUseCloud({ cloud, isPrivate })) return null;
      return (
        <Alert severity="info" sx={{ mt: 1 }}>
          The provider targets below are kept but not used
          {isPrivate ? ' while the route is private.' : ' while the cloud is set to never.'}
        </Alert>
      );
    }}
  </FormDataConsumer>
);
