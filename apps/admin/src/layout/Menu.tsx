import DiscoveryIcon from '@mui/icons-material/RadarOutlined';
import DashboardIcon from '@mui/icons-material/SpaceDashboardOutlined';
import TranslateIcon from '@mui/icons-material/TranslateOutlined';
import { Typography } from '@mui/material';
import { Menu as RaMenu, useSidebarState } from 'react-admin';

/** Headings vanish with the words when the sidebar is folded to icons. */
const MenuHeading = ({ children }: { readonly children: string }) => {
  const [isOpen] = useSidebarState();
  return (
    <Typography
      component="li"
      role="presentation"
      variant="overline"
      color="textSecondary"
      sx={{ px: 2.25, pt: 2, pb: 0.25, visibility: isOpen ? 'visible' : 'hidden' }}
    >
      {children}
    </Typography>
  );
};

export const Menu = () => (
  <RaMenu>
    <RaMenu.DashboardItem primaryText="Dashboard" leftIcon={<DashboardIcon />} />
    <MenuHeading>Gateway</MenuHeading>
    <RaMenu.ResourceItem name="model-routes" />
    <RaMenu.ResourceItem name="providers" />
    <RaMenu.ResourceItem name="virtual-keys" />
    <RaMenu.Item to="/translate" primaryText="Translate" leftIcon={<TranslateIcon />} />
    <MenuHeading>This machine</MenuHeading>
    <RaMenu.ResourceItem name="local-models" />
    <RaMenu.ResourceItem name="model-downloads" />
    <RaMenu.ResourceItem name="instances" />
    <RaMenu.Item to="/discovery" primaryText="Discovery" leftIcon={<DiscoveryIcon />} />
    <MenuHeading>Activity</MenuHeading>
    <RaMenu.ResourceItem name="request-logs" />
  </RaMenu>
);
