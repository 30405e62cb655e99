import { ToggleButton, ToggleButtonGroup } from '@mui/material';

const ranges = [
  { hours: 24, name: 'Day' },
  { hours: 168, name: 'Week' },
  { hours: 720, name: 'Month' },
] as const;

interface RangeSelectProps {
  readonly hours: number;
  readonly onChange: (hours: number) => void;
}

export const RangeSelect = ({ hours, onChange }: RangeSelectProps) => (
  <ToggleButtonGroup
    size="small"
    exclusive
    value={hours}
    aria-label="Time range"
    // null = a click on the chosen one, which stays chosen
    onChange={(_event, chosen: number | null) => {
      if (chosen !== null) onChange(chosen);
    }}
  >
    {ranges.map((range) => (
      <ToggleButton key={range.hours} value={range.hours} sx={{ px: 1.75, py: 0.4 }}>
        {range.name}
      </ToggleButton>
    ))}
  </ToggleButtonGroup>
);
