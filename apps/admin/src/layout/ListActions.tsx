import { CreateButton, TopToolbar } from 'react-admin';

/** The button above a list that adds a row; hidden from those who may only look. */
export const ListActions = ({ createLabel }: { readonly createLabel: string }) => (
  <TopToolbar sx={{ pb: 1 }}>
    <CreateButton variant="contained" label={createLabel} />
  </TopToolbar>
);
