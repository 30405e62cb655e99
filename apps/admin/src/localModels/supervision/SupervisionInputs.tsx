import { BooleanInput, RadioButtonGroupInput, TextInput } from 'react-admin';
import { FormSection } from '../../inputs/FormSection.js';
import { GibibytesInput } from '../../inputs/GibibytesInput.js';
import { SecondsInput } from '../../inputs/SecondsInput.js';
import { hasSleepSwitch } from '../engineChoices.js';
import { IdleStopInput } from '../IdleStopInput.js';
import { GatewayDeathInput } from './GatewayDeathInput.js';
import { KeepWeightInput } from './KeepWeightInput.js';

const abandonedChoices = [
  { id: 'auto', name: 'Finish it when most of it is done' },
  { id: 'finish', name: 'Always finish it, for the next request' },
  { id: 'cancel', name: 'End it at once' },
];

const minMemoryBytes = 0.01 * 1024 ** 3;

/** How the model shares the machine with others; for engines that Spillway runs. */
export const SupervisionInputs = ({ engine }: { readonly engine: string | undefined }) => (
  <>
    <FormSection
      title="Staying in memory"
      hint="Models that do not fit together take turns. Change this only if the wrong one has to leave."
    >
      <IdleStopInput />
      <BooleanInput
        source="isPinned"
        label="Pinned: never leaves the memory by itself"
        defaultValue={false}
        helperText="Stays loaded whatever others need, until you stop it"
      />
      {hasSleepSwitch(engine) ? (
        <BooleanInput
          source="isSleepEnabled"
          label="May sleep"
          defaultValue={false}
          helperText="Idle, it gives its memory back and keeps its process, and wakes faster than it loads. Needs CUDA or ROCm; opens the engine’s development routes to other programs of this machine"
        />
      ) : null}
      <KeepWeightInput />
      <SecondsInput
        source="minResidencyMs"
        label="Stays for at least"
        minMs={0}
        helperText="Once loaded, although another model waits for its memory; for a minute of waiting at most. Empty = twice its load time, 15 s to 10 min"
      />
      <SecondsInput
        source="evictBusyAfterMs"
        label="Cut its requests for others after"
        minMs={0}
        helperText="When another model waits for its memory. Empty = never: requests that are served are finished"
      />
      <GatewayDeathInput />
    </FormSection>
    <FormSection title="Loading" hint="What Spillway finds out by itself unless you know better.">
      <GibibytesInput
        source="memoryBytes"
        label="Memory it takes"
        minBytes={minMemoryBytes}
        helperText="Empty = learned from its runs, and guessed from its file before the first"
      />
      <TextInput
        source="exclusiveGroup"
        label="Never together with (optional)"
        helperText="The name of a group, such as large-ones: only one model of a group is in memory at a time"
        slotProps={{ htmlInput: { spellCheck: false, maxLength: 64 } }}
      />
      <RadioButtonGroupInput
        source="whenAbandoned"
        label="A load nobody waits for any more"
        choices={abandonedChoices}
        defaultValue="auto"
        row={false}
        helperText={false}
      />
    </FormSection>
  </>
);
