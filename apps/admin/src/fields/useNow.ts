import { useEffect, useState } from 'react';

const everyMs = 10_000;

/** The present time, told anew every ten seconds, so that what is shown as "ago" stays true. */
export const useNow = (): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return now;
};
