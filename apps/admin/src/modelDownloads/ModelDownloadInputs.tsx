import { required, TextInput } from 'react-admin';
import { FormSection } from '../inputs/FormSection.js';

const isRequired = required();
const plainText = { htmlInput: { spellCheck: false } };

export const ModelDownloadInputs = () => (
  <>
    <FormSection
      title="Repository"
      hint="As the hub calls it. The commit that the revision is now is fetched, and checked by its hashes."
    >
      <TextInput
        source="repository"
        helperText="owner/name, or the address of its page"
        validate={isRequired}
        autoComplete="off"
        slotProps={plainText}
      />
      <TextInput
        source="revision"
        helperText="A branch, a tag or a commit; empty is main"
        autoComplete="off"
        slotProps={plainText}
      />
    </FormSection>
    <FormSection
      title="Files"
      hint="A GGUF file for llama.cpp; the whole snapshot for MLX, vLLM and sglang. Code and pickled weights are never fetched."
    >
      <TextInput
        source="files"
        helperText="A file or a pattern such as *Q4_K_M*.gguf; one part of a split model stands for all. Empty is the whole snapshot"
        autoComplete="off"
        slotProps={plainText}
      />
    </FormSection>
  </>
);
