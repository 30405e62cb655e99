import { Alert, Button, Link } from '@mui/material';
import { Navigate, useLocation } from 'react-admin';
import { AuthFrame } from './AuthFrame.js';
import { SetupField } from './SetupField.js';
import { useNeedsSetup } from './useNeedsSetup.js';
import { useSetup } from './useSetup.js';

/** The token comes in the link printed on the console: `#/setup?token=…`. */
function useTokenFromLink(): string {
  return new URLSearchParams(useLocation().search).get('token') ?? '';
}

/** First run: creates the admin, who is signed in by it. */
export const SetupPage = () => {
  const linkToken = useTokenFromLink();
  const needsSetup = useNeedsSetup();
  if (needsSetup === false) return <Navigate to="/login" replace />;
  return (
    <AuthFrame
      title="Welcome"
      text="Create the admin account of this gateway. It is stored on this machine only."
    >
      {/* a new link is a new form */}
      <SetupForm key={linkToken} linkToken={linkToken} />
      <Link href="#/login" variant="body2">
        There is an account already? Sign in
      </Link>
    </AuthFrame>
  );
};

const SetupForm = ({ linkToken }: { readonly linkToken: string }) => {
  const { fields, faults, onChange, onSubmit, refusal, isBusy } = useSetup(linkToken);
  const shared = { fields, faults, onChange };
  return (
    <form onSubmit={onSubmit} noValidate>
      {refusal === null ? null : <Alert severity="error">{refusal}</Alert>}
      {linkToken === '' ? (
        <SetupField
          {...shared}
          label="Setup token"
          name="token"
          autoComplete="off"
          hint="Printed on the console when Spillway started; good for 15 minutes"
        />
      ) : null}
      <SetupField {...shared} label="Username" name="username" autoComplete="username" autoFocus />
      <SetupField
        {...shared}
        label="Password"
        name="password"
        autoComplete="new-password"
        hint="At least 10 characters"
      />
      <SetupField
        {...shared}
        label="Confirm password"
        name="confirmation"
        autoComplete="new-password"
      />
      <Button
        type="submit"
        variant="contained"
        size="large"
        fullWidth
        loading={isBusy}
        sx={{ mt: 2, mb: 1.5 }}
      >
        Create admin
      </Button>
    </form>
  );
};
