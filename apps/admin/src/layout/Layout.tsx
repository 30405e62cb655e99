import { useMediaQuery, type Theme } from '@mui/material';
import { useEffect } from 'react';
import { Layout as RaLayout, TitlePortal, useSidebarState, type LayoutProps } from 'react-admin';
import { AppBar } from './AppBar.js';
import { Menu } from './Menu.js';

/** Tables need the room more than the words of the menu do. */
function useFoldedSidebarWhenNarrow(): void {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('lg'));
  const [, setIsOpen] = useSidebarState();
  useEffect(() => setIsOpen(!isNarrow), [isNarrow, setIsOpen]);
}

/** The title of a page stands above its content as its heading, not in the bar. */
export const Layout = ({ children }: LayoutProps) => {
  useFoldedSidebarWhenNarrow();
  return (
    <RaLayout appBar={AppBar} menu={Menu} appBarAlwaysOn>
      <TitlePortal variant="h5" component="h1" sx={{ flex: 'none', minHeight: '1.6em' }} />
      {children}
    </RaLayout>
  );
};
