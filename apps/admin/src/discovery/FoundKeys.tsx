import { Mono } from '../fields/Mono.js';
import { Section } from '../layout/Section.js';
import { providerPresets } from '../providersAdmin/providerPresets.js';
import { AddButton } from './AddButton.js';
import type { Discovery } from './Discovery.js';
import { FoundRow } from './FoundRow.js';

function presetFields(provider: string): Readonly<Record<string, unknown>> {
  const preset = providerPresets.find(({ name }) => name === provider);
  if (preset === undefined) return { name: provider };
  const { name, protocol, baseUrl } = preset;
  return { name, protocol, baseUrl };
}

export const FoundKeys = ({ keys }: { readonly keys: Discovery['environmentKeys'] }) => {
  if (keys.length === 0) return null;
  return (
    <Section
      title="API keys in the environment"
      hint="Only the names of the variables are shown; their values never reach this page."
    >
      {keys.map(({ provider, variable }) => (
        <FoundRow
          key={variable}
          title={<Mono>{variable}</Mono>}
          detail={`A key for ${provider}`}
          action={
            <AddButton
              resource="providers"
              fields={presetFields(provider)}
              label="Add as provider"
            />
          }
        />
      ))}
    </Section>
  );
};
