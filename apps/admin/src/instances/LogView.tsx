import PauseIcon from '@mui/icons-material/Pause';
import FollowIcon from '@mui/icons-material/VerticalAlignBottom';
import { Box, Button } from '@mui/material';
import { memo, useEffect, useRef, useState } from 'react';
import { monospace } from '../layout/theme.js';
import { Section } from '../layout/Section.js';
import type { LogLine } from './Instance.js';
import { useInstanceLog } from './useInstanceLog.js';

interface LogViewProps {
  readonly instanceId: string;
  readonly hasEnded: boolean;
}

function describe(hasEnded: boolean, isLive: boolean): string {
  if (hasEnded) return 'As it was when the process ended.';
  return isLive ? 'Live, the last 1000 lines.' : 'Connecting…';
}

/** The output of an engine. Scrolling up stops the following, so that what is read stays in place. */
export const LogView = ({ instanceId, hasEnded }: LogViewProps) => {
  const { lines, isLive } = useInstanceLog(instanceId, hasEnded);
  const [isFollowing, setIsFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, isFollowing]);

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
        sx={{
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
        }}
      >
        {lines.length === 0 ? 'No output yet.' : null}
        {lines.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </Box>
    </Section>
  );
};

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
