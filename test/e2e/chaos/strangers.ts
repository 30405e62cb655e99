import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../support/start-gateway.js';
import { until } from '../local-engines.js';

const decoy = fileURLToPath(new URL('./decoy.mjs', import.meta.url));

interface Stranger {
  readonly child: ChildProcess;
  readonly journal: string;
}

/** Processes that look like engines and are none of ours. */
export class Strangers {
  private readonly folder = temporaryFolder('spillway-strangers-');
  private readonly all: Stranger[] = [];

  /** One that listens on the port, 0 for any, and has the arguments of an engine with this id. */
  async start(port: number, instanceId: string): Promise<void> {
    const journal = join(this.folder, `journal-${this.all.length}`);
    const place = ['--host', '127.0.0.1', '--port', String(port)];
    const child = spawn(
      process.execPath,
      [decoy, journal, '-m', '/models/tiny.gguf', '--alias', instanceId, ...place],
      // an engine, but of another data folder
      { detached: true, stdio: 'ignore', env: { SPILLWAY_INSTANCE: 'sw-0000000000-00000000-1' } },
    );
    this.all.push({ child, journal });
    await until('the stranger listens', () => existsSync(journal));
  }

  get count(): number {
    return this.all.length;
  }

  /** How many have ended, which none does by itself. */
  get dead(): number {
    return this.all.filter(({ child }) => child.exitCode !== null || child.signalCode !== null)
      .length;
  }

  /** Every signal and every request but a GET that reached one of them. */
  get harm(): string[] {
    return this.all.flatMap(({ journal }) =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('signal') || /^request (?!GET)/.test(line)),
    );
  }

  close(): void {
    for (const { child } of this.all) child.kill('SIGKILL');
  }
}
