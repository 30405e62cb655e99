import ThenIcon from '@mui/icons-material/ChevronRight';
import { Box } from '@mui/material';
import { Fragment } from 'react';
import { OriginChip } from '../fields/OriginChip.js';
import { targetName } from '../fields/targetName.js';
import { mayUseCloud, type ModelRoute, type RouteTarget } from './ModelRoute.js';

/** Local targets come first whatever their place in the list is. */
function inOrderTried(targets: readonly RouteTarget[]): readonly RouteTarget[] {
  return [
    ...targets.filter(({ kind }) => kind === 'local'),
    ...targets.filter(({ kind }) => kind === 'provider'),
  ];
}

/** The targets in the order they are tried; those the route may not use are struck through. */
export const TargetChain = ({ route }: { readonly route: ModelRoute }) => (
  <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', rowGap: 0.5 }}>
    {inOrderTried(route.targets).map((target, index) => (
      <Fragment key={target.id}>
        {index === 0 ? null : (
          <ThenIcon fontSize="small" titleAccess="then" sx={{ color: 'text.disabled' }} />
        )}
        <OriginChip
          kind={target.kind}
          label={targetName(target.label)}
          isMuted={target.kind === 'provider' && !mayUseCloud(route)}
        />
      </Fragment>
    ))}
  </Box>
);
