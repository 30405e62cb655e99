import { Box, LinearProgress, Typography } from '@mui/material';
import { describeProgress, percentDone } from './describeProgress.js';
import type { ModelDownload } from './ModelDownload.js';

const moving = new Set(['resolving', 'checking', 'downloading', 'verifying', 'publishing']);

/** A bar, what it means, and what went wrong. */
export const DownloadProgress = ({ download }: { readonly download: ModelDownload }) => {
  const { state, repository, currentFile, errorMessage } = download;
  const percent = percentDone(download);
  const isUnknown = percent === null && moving.has(state);
  return (
    <Box sx={{ minWidth: 220, maxWidth: 420 }}>
      {state === 'done' || (percent === null && !isUnknown) ? null : (
        <LinearProgress
          aria-label={`Progress of ${repository}`}
          variant={isUnknown ? 'indeterminate' : 'determinate'}
          {...(percent !== null && { value: percent })}
          sx={{ my: 0.5 }}
        />
      )}
      <Typography variant="caption" component="div" color="textSecondary">
        {describeProgress(download)}
      </Typography>
      {currentFile === null ? null : (
        <Typography variant="caption" component="div" color="textSecondary" noWrap>
          {currentFile}
        </Typography>
      )}
      {errorMessage === null ? null : (
        <Typography variant="caption" component="div" color="error">
          {errorMessage}
        </Typography>
      )}
    </Box>
  );
};
