import { Typography } from '@mui/material';
import { formatBytes } from '../format/formatBytes.js';
import { Mono } from '../fields/Mono.js';
import { Section } from '../layout/Section.js';
import { suggestFromFile } from '../localModels/suggestLocalModels.js';
import { AddButton } from './AddButton.js';
import type { Discovery } from './Discovery.js';
import { FoundRow } from './FoundRow.js';

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const FoundModelFiles = ({ discovery }: { readonly discovery: Discovery }) => {
  const { modelFiles, modelFolders } = discovery;
  return (
    <Section
      title="Model files"
      hint={
        modelFolders.length === 0
          ? 'No model folder is set; name one with SPILLWAY_MODEL_DIRS.'
          : `.gguf files in ${modelFolders.join(', ')}`
      }
    >
      {modelFiles.length === 0 ? (
        <Typography variant="body2" color="textSecondary">
          No .gguf file yet. Put one into a model folder and it shows up here.
        </Typography>
      ) : null}
      {modelFiles.map(({ path, sizeBytes }) => (
        <FoundRow
          key={path}
          title={<Mono>{fileName(path)}</Mono>}
          detail={`${formatBytes(sizeBytes)} · ${path}`}
          action={
            <AddButton
              resource="local-models"
              fields={{ ...suggestFromFile(path, discovery) }}
              label="Add as local model"
            />
          }
        />
      ))}
    </Section>
  );
};
