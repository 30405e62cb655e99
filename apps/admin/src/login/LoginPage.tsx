import { Alert, Button, TextField } from '@mui/material';
import { useState, type FormEvent } from 'react';
import { Navigate, useLogin } from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import { AuthFrame } from './AuthFrame.js';
import { useNeedsSetup } from './useNeedsSetup.js';

export const LoginPage = () => {
  const login = useLogin();
  const needsSetup = useNeedsSetup();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    setFault(null);
    login({ username, password })
      .catch((error: unknown) => setFault(messageOf(error)))
      .finally(() => setIsBusy(false));
  };

  if (needsSetup === true) return <Navigate to="/setup" replace />;
  return (
    <AuthFrame title="Sign in" text="Manage routes, models, keys and see every request.">
      <form onSubmit={submit}>
        {fault === null ? null : (
          <Alert severity="error" sx={{ mb: 1 }}>
            {fault}
          </Alert>
        )}
        <TextField
          label="Username"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoComplete="username"
          autoFocus
        />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
        />
        <Button
          type="submit"
          variant="contained"
          size="large"
          fullWidth
          loading={isBusy}
          sx={{ mt: 2 }}
        >
          Sign in
        </Button>
      </form>
    </AuthFrame>
  );
};
