import { SelectInput, useRecordContext } from 'react-admin';
import type { LocalModel } from '../LocalModel.js';

const offered = [
  { id: 0.25, name: 'Let it go before others' },
  { id: 1, name: 'As any other' },
  { id: 4, name: 'Keep it longer than others' },
  { id: 20, name: 'Keep it as long as possible' },
];

/** How dear its load is when a model has to leave; what was set through the API is offered as it is. */
export const KeepWeightInput = () => {
  const current = useRecordContext<LocalModel>()?.keepWeight ?? 1;
  const isOffered = offered.some(({ id }) => id === current);
  const choices = isOffered ? offered : [...offered, { id: current, name: `Weight ${current}` }];
  return (
    <SelectInput
      source="keepWeight"
      label="When a model has to leave"
      choices={choices}
      defaultValue={1}
      helperText="Models that are idle and quick to load leave first"
    />
  );
};
