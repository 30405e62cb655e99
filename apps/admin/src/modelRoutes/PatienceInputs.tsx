import { RadioButtonGroupInput } from 'react-admin';
import { SecondsInput } from '../inputs/SecondsInput.js';

const coldChoices = [
  { id: 'wait', name: 'Wait for it, as long as the caller does' },
  {
    id: 'cloud-then-warm',
    name: 'Serve this request elsewhere, and load the model for the next one',
  },
  { id: 'fail', name: 'Refuse, and start nothing' },
];

/** When a request waits for a target, and when it goes to the next one. */
export const PatienceInputs = () => (
  <>
    <RadioButtonGroupInput
      source="whenCold"
      label="When the local model is not loaded"
      choices={coldChoices}
      defaultValue="wait"
      row={false}
      helperText={false}
    />
    <SecondsInput
      source="maxWaitMs"
      label="Longest wait for a local model"
      minMs={0}
      helperText="Empty = as long as the caller says it waits, else five minutes"
    />
    <SecondsInput
      source="commitAfterMs"
      label="Silence of a stream that waits"
      minMs={0}
      helperText="Then it is begun, and no other target can serve it any more. Empty = 15"
    />
    <SecondsInput
      source="firstByteTimeoutMs"
      label="Longest wait for the first byte"
      minMs={100}
      helperText="Empty = 120 for streams and 600 for whole answers of providers; no limit for local models"
    />
    <SecondsInput
      source="hedgeAfterMs"
      label="Ask the next target as well after"
      minMs={100}
      helperText="When a local one has not begun by then; the first to answer is heard, and both may cost. Empty = never"
    />
  </>
);
