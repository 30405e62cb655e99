import { describeDatabaseFailure } from '../database/describe-database-failure.js';

/** Why the gateway cannot start and what to do about it, in one paragraph without a stack. */
export function describeStartFailure(error: unknown): string {
  const { code, message, path, port, syscall } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port ?? ''} is already in use. Stop what listens there, or choose another port: SPILLWAY_PORT=4848 npm start`;
  }
  const isNoAddress = syscall === 'getaddrinfo' || (code === 'EINVAL' && syscall === 'listen');
  if (code === 'EADDRNOTAVAIL' || isNoAddress)
    return 'SPILLWAY_HOST is not an address of this machine. Use 127.0.0.1, or one of its own addresses.';
  if (code === 'EACCES' && syscall === 'listen')
    return `Port ${port ?? ''} may not be used without privileges. Choose one above 1023 with SPILLWAY_PORT.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `The data directory is not writable (${path ?? message}). Make it yours, or choose another one: SPILLWAY_DATA_DIR=/path/to/folder npm start`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return `The data directory cannot be used: a part of the path ${path ?? message} is not a folder. Choose another one with SPILLWAY_DATA_DIR.`;
  if (code === 'ENOSPC') return 'The disk is full. Free some space and start again.';
  return describeDatabaseFailure(error) ?? (error instanceof Error ? error.message : String(error));
}
