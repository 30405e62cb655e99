import { Typography } from '@mui/material';
import type { ModelRoute } from './ModelRoute.js';

/** What the two settings of a route mean together, in two words. */
export const CloudPolicy = ({ route }: { readonly route: ModelRoute }) => {
  const [text, title] = describe(route);
  return (
    <Typography component="span" variant="body2" title={title} noWrap>
      {text}
    </Typography>
  );
};

function describe({ isPrivate, cloud }: ModelRoute): readonly [text: string, title: string] {
  if (isPrivate) return ['private', 'Can never leave this machine, whatever else is set'];
  if (cloud === 'allow') return ['allowed', 'Providers are used when no local target can answer'];
  if (cloud === 'prefer')
    return ['preferred', 'Local targets are used when no provider can answer'];
  return ['never', 'Provider targets are not used'];
}
