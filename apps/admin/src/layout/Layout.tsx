import { useMediaQuery, type Theme } from '@mui/material';
import { useEffect } from 'react';
import {
  Layout as RaLayout,
  Sidebar,
  TitlePortal,
  useSidebarState,
  useStore,
  type LayoutProps,
} from 'react-admin';
import { AppBar } from './AppBar.js';
import { Menu } from './Menu.js';

/**
 * Tables need the room more than the words of the menu do.
 * @returns whether the menu has been folded or opened for the present width. It must not be shown before: on a phone it lies
 * over the page, and one that is closed while it opens stays there, invisible, and takes every click.
 */
function useFoldedSidebarWhenNarrow(): boolean {
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('lg'));
  const [, setIsOpen] = useSidebarState();
  // kept with the state of the menu: who folds or opens it finds it so again, until the width changes
  const [foldedFor, setFoldedFor] = useStore<boolean | null>('sidebar.foldedFor', null);
  useEffect(() => {
    if (foldedFor === isNarrow) return;
    setIsOpen(!isNarrow);
    setFoldedFor(isNarrow);
  }, [isNarrow, foldedFor, setIsOpen, setFoldedFor]);
  return foldedFor === isNarrow;
}

const NoSidebar = () => null;

/** The title of a page stands above its content as its heading, not in the bar. */
export const Layout = ({ children }: LayoutProps) => {
  const isMenuSettled = useFoldedSidebarWhenNarrow();
  return (
    <RaLayout
      appBar={AppBar}
      menu={Menu}
      sidebar={isMenuSettled ? Sidebar : NoSidebar}
      appBarAlwaysOn
    >
      <TitlePortal variant="h5" component="h1" sx={{ flex: 'none', minHeight: '1.6em' }} />
      {children}
    </RaLayout>
  );
};
