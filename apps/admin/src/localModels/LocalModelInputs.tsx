import { Box, Typography } from '@mui/material';
import {
  BooleanInput,
  FormDataConsumer,
  maxValue,
  minValue,
  NumberInput,
  RadioButtonGroupInput,
  required,
  TextInput,
} from 'react-admin';
import { CapabilitiesInput } from '../capabilities/CapabilitiesInput.js';
import { FormSection } from '../inputs/FormSection.js';
import { NameInput } from '../inputs/NameInput.js';
import { EmbeddedEngineNotice } from './EmbeddedEngineNotice.js';
import { engineChoices, engineNeed, isAttached } from './engineChoices.js';
import type { EngineChoice, EngineNeed } from './engineChoices.js';
import type { LocalModel } from './LocalModel.js';
import { SupervisionInputs } from './supervision/SupervisionInputs.js';

const EngineLabel = ({ name, explanation }: EngineChoice) => (
  <Box sx={{ py: 0.5 }}>
    <Typography variant="body2" sx={{ fontWeight: 600 }}>
      {name}
    </Typography>
    <Typography variant="body2" color="textSecondary">
      {explanation}
    </Typography>
  </Box>
);

export const LocalModelInputs = () => (
  <>
    <FormSection title="Model" hint="Routes refer to it by this name.">
      <NameInput
        helperText="For example qwen3-8b or gemma3:4b"
        pattern={/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}$/}
        patternHint="Use letters, digits and . _ : / -; start with a letter or digit"
      />
      <BooleanInput source="isEnabled" label="Enabled" defaultValue={true} helperText={false} />
    </FormSection>
    <FormSection title="Engine" hint="What runs the model.">
      <RadioButtonGroupInput
        source="engine"
        label="Engine"
        choices={[...engineChoices]}
        optionText={(choice: EngineChoice) => <EngineLabel {...choice} />}
        defaultValue="llama-server"
        validate={required()}
        row={false}
        helperText={false}
        sx={{ '& .MuiFormControlLabel-root': { alignItems: 'flex-start' } }}
      />
      <FormDataConsumer<Partial<LocalModel>>>
        {({ formData }) => (
          <>
            {formData.engine === 'embedded' ? <EmbeddedEngineNotice /> : null}
            <PlaceInputs need={engineNeed(formData.engine)} />
          </>
        )}
      </FormDataConsumer>
    </FormSection>
    <RunningSection />
    <FormDataConsumer<Partial<LocalModel>>>
      {({ formData }) =>
        isAttached(formData.engine) ? null : <SupervisionInputs engine={formData.engine} />
      }
    </FormDataConsumer>
    <FormSection title="Abilities" hint="What the model takes, where Spillway has it wrong.">
      <CapabilitiesInput source="capabilities" />
    </FormSection>
  </>
);

const plainText = { htmlInput: { spellCheck: false } };

/** Where the model is, as the engine needs it. */
const PlaceInputs = ({ need }: { readonly need: EngineNeed }) => {
  if (need === 'server') return <ServerInputs />;
  const isFile = need === 'file';
  return (
    <>
      {need === 'name' ? null : (
        <TextInput
          source="modelPath"
          label={isFile ? 'Model file' : 'Model folder'}
          validate={required()}
          helperText={
            isFile
              ? 'The full path of a .gguf file inside one of the model folders'
              : 'The full path of a folder inside one of the model folders'
          }
          slotProps={plainText}
        />
      )}
      {need === 'name' || need === 'folder-and-name' ? (
        <TextInput
          source="upstreamModel"
          label="Model name"
          validate={required()}
          helperText="As the engine lists it, such as llama3.2:1b"
          slotProps={plainText}
        />
      ) : null}
    </>
  );
};

const ServerInputs = () => (
  <>
    <TextInput
      source="endpoint"
      label="Server address"
      validate={required()}
      helperText="On this machine, such as http://127.0.0.1:11434"
      slotProps={plainText}
    />
    <TextInput
      source="upstreamModel"
      label="Model name at the server (optional)"
      helperText="If the server knows the model by another name"
      slotProps={plainText}
    />
  </>
);

const RunningSection = () => (
  <FormSection title="Running" hint="The defaults suit most models.">
    <NumberInput
      source="parallelSlots"
      label="Requests at once"
      defaultValue={1}
      min={1}
      max={64}
      step={1}
      validate={[required(), minValue(1), maxValue(64)]}
      helperText="More share the context between them; further requests wait in line"
    />
    <NumberInput
      source="contextTokens"
      label="Context in tokens (optional)"
      min={1}
      step={1}
      validate={minValue(1)}
      helperText="Empty = as the model or server has it"
    />
  </FormSection>
);
