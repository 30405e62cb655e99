import { readFileSync, writeFileSync } from 'node:fs';

/**
 * On a virtual machine, waking a core that sleeps costs whoever writes to its process tens of microseconds, because the
 * host must be asked. A gateway whose harness sleeps between its requests is then charged for that with every write;
 * one that keeps the harness busy is not. Linux guests can let idle cores poll for a while first.
 */
const FOLDER = '/sys/module/haltpoll/parameters';

const WANTED = { guest_halt_poll_allow_shrink: 'N', guest_halt_poll_ns: '5000000' };

/** Lets idle cores poll until this process ends. @returns {boolean} whether that worked; it needs root and a guest with `haltpoll` */
export function pollWhileIdle() {
  try {
    const before = Object.keys(WANTED).map(
      (name) => /** @type {const} */ ([name, readFileSync(`${FOLDER}/${name}`, 'latin1').trim()]),
    );
    process.on('exit', () => {
      for (const [name, value] of before) writeFileSync(`${FOLDER}/${name}`, value);
    });
    for (const [name, value] of Object.entries(WANTED)) writeFileSync(`${FOLDER}/${name}`, value);
    return true;
  } catch {
    return false;
  }
}
