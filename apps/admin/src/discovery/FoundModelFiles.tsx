import { Typography } from '@mui/material';
import { formatBytes } from '../format/formatBytes.js';
import { Mono } from '../fields/Mono.js';
import { Section } from '../layout/Section.js';
import { AdoptButton } from './AdoptButton.js';
import type { Discovery } from './Discovery.js';
import { FoundRow } from './FoundRow.js';

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const FoundModelFiles = ({ discovery }: { readonly discovery: Discovery }) => {
  const { models, modelFolders } = discovery;
  const onDisk = models.filter(({ source }) => source !== 'server');
  return (
    <Section
      title="Models on the disk"
      hint={
        modelFolders.length === 0
          ? 'No model folder is set; name one with SPILLWAY_MODEL_DIRS.'
          : `Files and folders of models in ${modelFolders.join(', ')}`
      }
    >
      {onDisk.length === 0 ? (
        <Typography variant="body2" color="textSecondary">
          No model yet. Put a .gguf file or a model’s folder there and it shows up here.
        </Typography>
      ) : null}
      {onDisk.map((find) => (
        <FoundRow
          key={find.id}
          title={<Mono>{find.modelPath === null ? find.name : fileName(find.modelPath)}</Mono>}
          detail={`${formatBytes(find.sizeBytes)} · ${find.modelPath ?? 'in the store of Ollama'}`}
          action={<AdoptButton find={find} />}
        />
      ))}
    </Section>
  );
};
