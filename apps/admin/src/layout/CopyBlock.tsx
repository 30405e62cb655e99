import CopyIcon from '@mui/icons-material/ContentCopy';
import { Box, IconButton, Tooltip } from '@mui/material';
import { useRef, useState } from 'react';
import { monospace } from './theme.js';

interface CopyBlockProps {
  readonly text: string;
  /** Names the button for screen readers: "Copy the key". */
  readonly label: string;
  /** Breaks long lines instead of scrolling sideways. */
  readonly isWrapped?: boolean;
}

const blockStyle = {
  m: 0,
  p: 1.75,
  pr: 6,
  overflow: 'auto',
  maxHeight: 520,
  fontFamily: monospace,
  fontSize: '0.8rem',
  lineHeight: 1.65,
  bgcolor: 'action.hover',
  border: 1,
  borderColor: 'divider',
  borderRadius: 1.25,
} as const;

/** Text to be pasted elsewhere, with a button that copies it. */
export const CopyBlock = ({ text, label, isWrapped = false }: CopyBlockProps) => {
  const block = useRef<HTMLPreElement>(null);
  const [result, setResult] = useState<string | null>(null);
  const copy = () => {
    copyText(text).then(
      () => setResult('Copied'),
      () => {
        if (block.current !== null) window.getSelection()?.selectAllChildren(block.current);
        setResult('Selected: press Ctrl+C or ⌘C to copy');
      },
    );
  };
  return (
    <Box sx={{ position: 'relative' }}>
      <Box
        component="pre"
        ref={block}
        sx={
          isWrapped
            ? { ...blockStyle, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }
            : blockStyle
        }
      >
        {text}
      </Box>
      <Tooltip title={result ?? label} onClose={() => setResult(null)}>
        <IconButton
          size="small"
          aria-label={label}
          onClick={copy}
          sx={{ position: 'absolute', top: 9, right: 8 }}
        >
          <CopyIcon fontSize="small" />
        </IconButton>
      </Tooltip>
    </Box>
  );
};

/** Browsers give `navigator.clipboard` to https and localhost only; a gateway on the LAN is neither. */
async function copyText(text: string): Promise<void> {
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard === undefined) throw new Error('no clipboard on an insecure origin');
  await clipboard.writeText(text);
}
