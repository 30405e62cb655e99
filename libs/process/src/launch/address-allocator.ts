import type { InstanceRecords } from '../child/instance-records.js';
import type { PortAllocator } from '../child/port-allocator.js';
import { portOrigin, socketOrigin } from '../readiness/engine-origin.js';
import type { ManagedEnginePreset } from '../engine-preset.js';

/** Where an engine is told to listen: a socket, a port, or neither when it announces its own port. */
export interface EngineAddress {
  readonly port: number;
  readonly socketPath: string | null;
}

/** Size of `sun_path`, less the zero at its end. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** Null while the engine has to announce it. */
export function originOf({ port, socketPath }: EngineAddress): string | null {
  if (socketPath !== null) return socketOrigin(socketPath);
  return port === 0 ? null : portOrigin(port);
}

/**
 * Gives each engine a place to listen. A socket in our own folder is out of reach of other users, cannot be taken by
 * somebody else in between, and uses up no port; engines that cannot have one get a loopback port.
 */
export class AddressAllocator {
  /** Programs that did not take a socket, as versions that are too old do. */
  readonly #refusing = new Set<string>();

  constructor(
    private readonly ports: PortAllocator,
    private readonly records: InstanceRecords,
  ) {}

  async reserve(
    { portFrom, traits }: ManagedEnginePreset,
    instanceId: string,
    file: string,
  ): Promise<EngineAddress> {
    if (portFrom !== 'args') return { port: 0, socketPath: null };
    const path = this.records.socketPath(instanceId);
    const isShort = Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES;
    const canListen = traits?.hasSocket === true && process.platform !== 'win32';
    if (canListen && isShort && !this.#refusing.has(file)) return { port: 0, socketPath: path };
    return { port: await this.ports.reserve(), socketPath: null };
  }

  release({ port }: EngineAddress): void {
    this.ports.release(port);
  }

  /** The program could not listen on its socket: until the next start of the gateway it gets ports. */
  noteRefusal(file: string): void {
    this.#refusing.add(file);
  }
}
