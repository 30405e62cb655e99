import { Admin, CustomRoutes, localStorageStore, reactRouterProvider, Resource } from 'react-admin';
import { Dashboard } from './dashboard/Dashboard.js';
import { DiscoveryPage } from './discovery/DiscoveryPage.js';
import { instances } from './instances/index.js';
import { i18nProvider } from './layout/i18nProvider.js';
import { Layout } from './layout/Layout.js';
import { darkTheme, lightTheme } from './layout/theme.js';
import { localModels } from './localModels/index.js';
import { LoginPage } from './login/LoginPage.js';
import { SetupPage } from './login/SetupPage.js';
import { modelDownloads } from './modelDownloads/index.js';
import { modelRoutes } from './modelRoutes/index.js';
import { authProvider } from './providers/authProvider.js';
import { dataProvider } from './providers/dataProvider.js';
import { providersAdmin } from './providersAdmin/index.js';
import { requestLogs } from './requestLogs/index.js';
import { TranslatePage } from './translate/TranslatePage.js';
import { virtualKeys } from './virtualKeys/index.js';

const { Route } = reactRouterProvider;

/** Keeps the look of the panel (theme, columns, sidebar) between visits; never a token. */
const store = localStorageStore('1', 'Spillway');

/** The whole panel on one screen: a noun is one folder and one `Resource` line. */
export const App = () => (
  <Admin
    title="Spillway"
    dataProvider={dataProvider}
    authProvider={authProvider}
    store={store}
    i18nProvider={i18nProvider}
    lightTheme={lightTheme}
    darkTheme={darkTheme}
    layout={Layout}
    loginPage={LoginPage}
    dashboard={Dashboard}
    requireAuth
    disableTelemetry
  >
    <Resource name="model-routes" {...modelRoutes} />
    <Resource name="providers" {...providersAdmin} />
    <Resource name="virtual-keys" {...virtualKeys} />
    <Resource name="local-models" {...localModels} />
    <Resource name="model-downloads" {...modelDownloads} />
    <Resource name="instances" {...instances} />
    <Resource name="request-logs" {...requestLogs} />
    <CustomRoutes>
      <Route path="/discovery" element={<DiscoveryPage />} />
      <Route path="/translate" element={<TranslatePage />} />
    </CustomRoutes>
    <CustomRoutes noLayout>
      <Route path="/setup" element={<SetupPage />} />
    </CustomRoutes>
  </Admin>
);
