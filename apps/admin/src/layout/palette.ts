import type { PaletteOptions } from '@mui/material/styles';

/*
 * Two colours carry meaning all over the panel: `primary` (water green) is this machine, `secondary`
 * (violet) is the cloud. Red, amber and green stay free for faults, cautions and success.
 */

export const lightPalette: PaletteOptions = {
  mode: 'light',
  primary: { main: '#0f766e', light: '#5fb3aa', dark: '#0b5750', contrastText: '#ffffff' },
  secondary: { main: '#6b57c8', light: '#a99be6', dark: '#4c3c9c', contrastText: '#ffffff' },
  error: { main: '#c0392f' },
  warning: { main: '#a86a0b' },
  success: { main: '#2d7d46' },
  info: { main: '#2f6f9f' },
  background: { default: '#f3f6f5', paper: '#ffffff' },
  text: { primary: '#14211f', secondary: '#566763' },
  divider: '#dde5e2',
};

export const darkPalette: PaletteOptions = {
  mode: 'dark',
  primary: { main: '#4cc9b7', light: '#86dccf', dark: '#2a9c8c', contrastText: '#06211d' },
  secondary: { main: '#a797f5', light: '#c8bdfa', dark: '#7d6bd6', contrastText: '#17102f' },
  error: { main: '#f0877e' },
  warning: { main: '#e3b04b' },
  success: { main: '#6fcf8d' },
  info: { main: '#7db8e0' },
  background: { default: '#0c1312', paper: '#131c1a' },
  text: { primary: '#e2ebe9', secondary: '#93a6a1' },
  divider: '#243230',
};
