import { HttpError, type AuthProvider } from 'react-admin';
import { httpClient } from './httpClient.js';

interface User {
  readonly id: string;
  readonly username: string;
  readonly role: 'admin' | 'viewer';
}

export interface AuthState {
  readonly needsSetup: boolean;
  readonly version: string;
}

/** What a viewer may do; an admin may do everything. The server checks the same again. */
const readingActions = new Set(['list', 'show', 'export']);

/** The question is asked on every page, so the answer is kept until a sign-out or a 401. */
let currentUser: Promise<User> | null = null;

function whoAmI(): Promise<User> {
  currentUser ??= httpClient('/api/auth/me').then(
    ({ json }) => json as User,
    (error: unknown) => {
      currentUser = null;
      throw error;
    },
  );
  return currentUser;
}

/** Does the gateway still wait for its first admin? */
export async function readAuthState(): Promise<AuthState> {
  return (await httpClient('/api/auth/state')).json as AuthState;
}

/**
 * Creates the first admin, who is signed in by it.
 * @throws HttpError when the token is wrong or old, or a field is not acceptable
 */
export async function createFirstAdmin(fields: {
  readonly token: string;
  readonly username: string;
  readonly password: string;
}): Promise<void> {
  await httpClient('/api/auth/setup', { method: 'POST', body: JSON.stringify(fields) });
  currentUser = null;
}

export const authProvider: AuthProvider = {
  async login(credentials: { readonly username: string; readonly password: string }) {
    const { username, password } = credentials;
    await httpClient('/api/auth/login', {
      method: 'POST',
      body: JSON.stringify({ username, password }),
    });
    currentUser = null;
  },

  async logout() {
    const wasSignedIn = currentUser !== null;
    currentUser = null;
    // also called when nobody is signed in; an answer of any kind means the session is gone
    if (wasSignedIn)
      await httpClient('/api/auth/logout', { method: 'POST' }).catch(() => undefined);
  },

  async checkAuth() {
    try {
      await whoAmI();
    } catch (error) {
      const isSignedOut = error instanceof HttpError && error.status === 401;
      // `message: false` keeps react-admin from scolding somebody who has merely not signed in yet
      throw isSignedOut ? { message: false } : error;
    }
  },

  async checkError(error: unknown) {
    if (!(error instanceof HttpError) || error.status !== 401) return;
    currentUser = null;
    throw new Error('Your session has ended. Please sign in again.');
  },

  async getIdentity() {
    const { id, username } = await whoAmI();
    return { id, fullName: username };
  },

  async canAccess({ action }) {
    const { role } = await whoAmI();
    return role === 'admin' || readingActions.has(action);
  },
};
