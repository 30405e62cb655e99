import { Alert } from '@mui/material';
import {
  AutocompleteArrayInput,
  BooleanInput,
  FormDataConsumer,
  PasswordInput,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
} from 'react-admin';
import { FormSection } from '../inputs/FormSection.js';
import { NameInput } from '../inputs/NameInput.js';
import { findProtocol, protocols, providerProtocols } from '../protocols/protocols.js';
import { lostKeyHint } from './lostKeyHint.js';
import type { Provider } from './Provider.js';

export const ProviderInputs = () => (
  <>
    <ConnectionSection />
    <CredentialSection />
    <CostSection />
    <FormSection title="Status">
      <BooleanInput
        source="isEnabled"
        label="Enabled"
        defaultValue={true}
        helperText="A disabled provider is skipped by every route"
      />
    </FormSection>
  </>
);

const ConnectionSection = () => (
  <FormSection title="Connection" hint="Where it is and which API it speaks.">
    <NameInput
      helperText="Your own name for it, shown in routes and logs"
      pattern={/^[a-z0-9][a-z0-9-]{0,62}$/}
      patternHint="Use lower-case letters, digits and dashes; start with a letter or digit"
    />
    <SelectInput
      source="protocol"
      label="Protocol"
      choices={[...providerProtocols]}
      defaultValue={providerProtocols[0]?.id}
      validate={required()}
      helperText="What requests are translated into when the caller speaks something else"
    />
    <FormDataConsumer<Partial<Provider>>>
      {({ formData }) => (
        <TextInput
          source="baseUrl"
          label="Base URL"
          type="url"
          validate={required()}
          helperText={findProtocol(formData.protocol ?? '')?.baseUrlHint ?? false}
        />
      )}
    </FormDataConsumer>
    <AutocompleteArrayInput
      source="alsoSpeaks"
      label="Also speaks (optional)"
      choices={[...protocols]}
      format={(ids: readonly string[] | null | undefined) => ids ?? []}
      helperText="Protocols it serves under the same base URL: their requests pass through untranslated. Empty = what is known of the host"
    />
    <BooleanInput
      source="allowPrivateNetwork"
      label="May be a private address"
      defaultValue={false}
      helperText="Allow this provider to be a host of your own network or of this machine, also over plain http"
    />
  </FormSection>
);

const CredentialSection = () => {
  const provider = useRecordContext<Provider>();
  const isStored = provider?.hasCredential === true;
  return (
    <FormSection
      title="API key"
      hint="Encrypted before it is stored, and never shown again by the panel or the API."
    >
      {provider?.needsCredential === true ? <Alert severity="warning">{lostKeyHint}</Alert> : null}
      <PasswordInput
        source="credential"
        label="API key"
        autoComplete="new-password"
        helperText={storedKeyHint(provider)}
      />
      {isStored ? (
        <BooleanInput
          source="removesCredential"
          label="Remove the stored key"
          defaultValue={false}
          helperText={false}
        />
      ) : null}
    </FormSection>
  );
};

function storedKeyHint(provider: Provider | undefined): string {
  if (provider?.hasCredential !== true) return 'Leave this empty for a server that wants none';
  const which = provider.credentialHint ?? 'no hint';
  return provider.needsCredential
    ? `The key that cannot be opened: ${which}`
    : `A key is stored (${which}). Leave this empty to keep it.`;
}

const CostSection = () => (
  <FormSection title="Cost" hint="How the requests it serves are counted.">
    <BooleanInput
      source="isFree"
      label="Costs nothing"
      defaultValue={false}
      helperText="For hardware of your own: its requests are counted as free"
    />
    <TextInput
      source="priceProvider"
      label="Price list (optional)"
      helperText="The provider’s id in the price table, when it cannot be told from the address"
      parse={(text: string) => (text === '' ? null : text)}
    />
  </FormSection>
);
