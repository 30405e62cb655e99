import PauseIcon from '@mui/icons-material/Pause';
import FollowIcon from '@mui/icons-material/VerticalAlignBottom';
import { Box, Button } from '@mui/material';
import { memo, useEffect, useRef, useState } from 'react';
import { useNotify } from 'react-admin';
import { monospace } from '../layout/theme.js';
import { Section } from '../layout/Section.js';
import { messageOf } from '../providers/apiError.js';
import type { LogGap, LogLine } from './Instance.js';
import { isGap } from './isGap.js';
import { useInstanceLog } from './useInstanceLog.js';

interface LogViewProps {
  readonly instanceId: string;
  readonly hasEnded: boolean;
}

function describe(hasEnded: boolean, isLive: boolean): string {
  if (hasEnded) return 'As it was when the process ended.';
  return isLive ? 'Live.' : 'Connecting…';
}

const boxStyle = {
  height: 440,
  overflow: 'auto',
  p: 1.5,
  bgcolor: 'action.hover',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1.25,
  fontFamily: monospace,
  fontSize: '0.76rem',
  lineHeight: 1.6,
};

/** The output of an engine. Scrolling up stops the following, so that what is read stays in place. */
export const LogView = ({ instanceId, hasEnded }: LogViewProps) => {
  const { entries, isLive, loadEarlier } = useInstanceLog(instanceId);
  const [isFollowing, setIsFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [entries, isFollowing]);

  return (
    <Section
      title="Log"
      hint={describe(hasEnded, isLive)}
      action={
        hasEnded ? null : (
          <Button
            size="small"
            startIcon={isFollowing ? <PauseIcon /> : <FollowIcon />}
            onClick={() => setIsFollowing(!isFollowing)}
          >
            {isFollowing ? 'Pause' : 'Follow'}
          </Button>
        )
      }
    >
      <Box
        ref={box}
        role="log"
        aria-label="Engine output"
        aria-live="off"
        tabIndex={0}
        onWheel={(event) => {
          if (event.deltaY < 0) setIsFollowing(false);
        }}
        sx={boxStyle}
      >
        {loadEarlier === null ? null : (
          <EarlierButton load={loadEarlier} onLoad={() => setIsFollowing(false)} />
        )}
        {entries.length === 0 ? 'No output yet.' : null}
        {entries.map((entry) =>
          isGap(entry) ? (
            <Gap key={entry.seq} gap={entry} />
          ) : (
            <Line key={entry.seq} line={entry} />
          ),
        )}
      </Box>
    </Section>
  );
};

interface EarlierButtonProps {
  readonly load: () => Promise<void>;
  readonly onLoad: () => void;
}

const EarlierButton = ({ load, onLoad }: EarlierButtonProps) => {
  const notify = useNotify();
  const show = () => {
    onLoad();
    load().catch((error: unknown) => notify(messageOf(error), { type: 'error' }));
  };
  return (
    <Button size="small" onClick={show}>
      Show earlier lines
    </Button>
  );
};

const Gap = ({ gap }: { readonly gap: LogGap }) => (
  <Box role="separator" sx={{ color: 'warning.main', fontStyle: 'italic' }}>
    {gap.missed === 1 ? '1 line is' : `${gap.missed} lines are`} no longer kept
  </Box>
);

const Line = memo(({ line }: { readonly line: LogLine }) => (
  <Box sx={{ display: 'flex', gap: 1.5 }}>
    <Box component="time" sx={{ color: 'text.disabled', flex: 'none' }}>
      {new Date(line.at).toLocaleTimeString(undefined, { hourCycle: 'h23' })}
    </Box>
    <Box
      component="span"
      sx={{
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        color: line.stream === 'stderr' ? 'warning.main' : 'text.primary',
      }}
    >
      {line.text}
    </Box>
  </Box>
));
