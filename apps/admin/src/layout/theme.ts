import {
  alpha,
  type Components,
  type PaletteOptions,
  type Theme,
  type ThemeOptions,
} from '@mui/material/styles';
import type { RaThemeOptions } from 'react-admin';
import { darkPalette, lightPalette } from './palette.js';

const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Inter", "Helvetica Neue", Arial, sans-serif';

/** For names that are typed into programs: routes, models, keys, commands. */
export const monospace =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

const typography: ThemeOptions['typography'] = {
  fontFamily: sans,
  fontSize: 13.5,
  h4: { fontSize: '1.75rem', fontWeight: 650, letterSpacing: '-0.02em' },
  h5: { fontSize: '1.4rem', fontWeight: 650, letterSpacing: '-0.015em' },
  h6: { fontSize: '1rem', fontWeight: 650, letterSpacing: '-0.005em' },
  subtitle2: { fontWeight: 600 },
  overline: { fontSize: '0.7rem', fontWeight: 600, letterSpacing: '0.07em', lineHeight: 1.6 },
  button: { textTransform: 'none', fontWeight: 600 },
};

const inputDefaults = {
  variant: 'outlined' as const,
  size: 'small' as const,
  margin: 'dense' as const,
  fullWidth: true,
};

type ComponentStyles = Components<Omit<Theme, 'components'>>;

const materialComponents: ComponentStyles = {
  MuiCssBaseline: {
    styleOverrides: {
      body: { fontVariantNumeric: 'tabular-nums', WebkitFontSmoothing: 'antialiased' },
    },
  },
  MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
  MuiCard: {
    defaultProps: { variant: 'outlined' },
    styleOverrides: { root: { borderRadius: 12 } },
  },
  MuiButton: { defaultProps: { disableElevation: true } },
  MuiFormControl: { defaultProps: inputDefaults },
  MuiTextField: { defaultProps: inputDefaults },
  MuiChip: { styleOverrides: { root: { fontWeight: 500 } } },
  MuiAlert: { styleOverrides: { root: { borderRadius: 10, alignItems: 'flex-start' } } },
  MuiTooltip: { defaultProps: { arrow: true } },
  MuiTableCell: {
    styleOverrides: {
      root: ({ theme }) => ({ borderColor: theme.palette.divider }),
      head: ({ theme }) => ({
        color: theme.palette.text.secondary,
        fontWeight: 600,
        fontSize: '0.78rem',
        whiteSpace: 'nowrap',
      }),
    },
  },
  MuiTableRow: { styleOverrides: { root: { '&:last-child td': { borderBottom: 0 } } } },
};

const reactAdminComponents: ComponentStyles = {
  RaLayout: {
    styleOverrides: {
      root: ({ theme }) => ({
        minWidth: 'auto',
        '& .RaLayout-content': {
          padding: theme.spacing(2.5, 3, 4),
          minWidth: 0,
          [theme.breakpoints.down('sm')]: { padding: theme.spacing(2) },
        },
      }),
    },
  },
  RaSidebar: {
    styleOverrides: {
      root: ({ theme }) => ({
        '& .RaSidebar-fixed': { borderRight: `1px solid ${theme.palette.divider}` },
      }),
    },
  },
  RaMenuItemLink: {
    styleOverrides: {
      root: ({ theme }) => ({
        margin: theme.spacing(0.25, 1),
        padding: theme.spacing(0.75, 1.25),
        borderRadius: 8,
        fontWeight: 500,
        '& .RaMenuItemLink-icon': { color: 'inherit' },
        '&.RaMenuItemLink-active': {
          color: theme.palette.primary.main,
          backgroundColor: alpha(theme.palette.primary.main, 0.1),
        },
      }),
    },
  },
  // wide tables and logs scroll inside their card instead of widening the page
  RaList: { styleOverrides: { root: { '& .RaList-main': { minWidth: 0 } } } },
  RaShow: { styleOverrides: { root: { '& .RaShow-main, & .RaShow-card': { minWidth: 0 } } } },
  RaEdit: { styleOverrides: { root: { '& .RaEdit-main': { minWidth: 0 } } } },
  RaCreate: { styleOverrides: { root: { '& .RaCreate-main': { minWidth: 0 } } } },
  RaDataTable: {
    styleOverrides: {
      root: {
        '& .RaDataTable-tableWrapper': { overflowX: 'auto' },
        '& .RaDataTable-headerCell': { position: 'static' },
      },
    },
  },
  RaToolbar: {
    styleOverrides: {
      root: ({ theme }) => ({
        backgroundColor: 'transparent',
        borderTop: `1px solid ${theme.palette.divider}`,
      }),
    },
  },
  RaSimpleFormIterator: { defaultProps: { fullWidth: true } },
};

function createTheme(palette: PaletteOptions): RaThemeOptions {
  return {
    palette,
    typography,
    shape: { borderRadius: 8 },
    sidebar: { width: 216, closedWidth: 56 },
    components: { ...materialComponents, ...reactAdminComponents },
  };
}

export const lightTheme = createTheme(lightPalette);
export const darkTheme = createTheme(darkPalette);
