import { SaveButton, Toolbar } from 'react-admin';

/** Save can always be pressed: a form that was filled by a suggestion counts as untouched. */
export const CreateToolbar = () => (
  <Toolbar>
    <SaveButton alwaysEnable />
  </Toolbar>
);
