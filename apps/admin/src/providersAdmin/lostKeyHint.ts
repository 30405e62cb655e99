/** What to do about a stored key that does not open. */
export const lostKeyHint =
  'The stored key cannot be opened: master.key in the data directory is missing or not the one it was sealed with. Put that file back and restart, or enter the key again.';
