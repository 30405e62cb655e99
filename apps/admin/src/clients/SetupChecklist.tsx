import DoneIcon from '@mui/icons-material/CheckCircle';
import OpenIcon from '@mui/icons-material/RadioButtonUnchecked';
import { Box, Typography } from '@mui/material';
import { Link } from 'react-admin';
import type { Progress } from './useProgress.js';

interface Step {
  readonly text: string;
  readonly path: string;
  readonly isDone: boolean;
}

function toSteps({ hasModel, routeName, hasKey }: Progress): readonly Step[] {
  return [
    { text: 'Add a model found on this machine', path: '/discovery', isDone: hasModel },
    {
      text: 'Create a route that points at it',
      path: '/model-routes/create',
      isDone: routeName !== null,
    },
    { text: 'Create a key for your program', path: '/virtual-keys/create', isDone: hasKey },
    { text: 'Send the first request', path: '/request-logs', isDone: false },
  ];
}

/** The way to the first answer, with what is done already ticked off. */
export const SetupChecklist = ({ progress }: { readonly progress: Progress }) => (
  <Box component="ol" sx={{ listStyle: 'none', m: 0, mb: 2, p: 0, display: 'grid', gap: 1 }}>
    {toSteps(progress).map(({ text, path, isDone }) => (
      <Box component="li" key={path} sx={{ display: 'flex', alignItems: 'center', gap: 1.25 }}>
        {isDone ? (
          <DoneIcon fontSize="small" color="success" titleAccess="done" />
        ) : (
          <OpenIcon fontSize="small" color="disabled" titleAccess="to do" />
        )}
        {isDone ? (
          <Typography variant="body2" color="textSecondary">
            {text}
          </Typography>
        ) : (
          <Link to={path} variant="body2">
            {text}
          </Link>
        )}
      </Box>
    ))}
  </Box>
);
