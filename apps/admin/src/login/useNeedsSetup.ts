import { useEffect, useState } from 'react';
import { readAuthState } from '../providers/authProvider.js';

/** Does the gateway still wait for its first admin? Null while it has not answered. */
export function useNeedsSetup(): boolean | null {
  const [needsSetup, setNeedsSetup] = useState<boolean | null>(null);
  useEffect(() => {
    readAuthState().then(
      (state) => setNeedsSetup(state.needsSetup),
      // the form of the page will say what is wrong as soon as it is used
      () => setNeedsSetup(null),
    );
  }, []);
  return needsSetup;
}
