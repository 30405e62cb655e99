/**
 * The load generator's process. The runner sends one job at a time over the IPC channel and gets `{ result }` or
 * `{ error }`. By hand: `node bench/load-generator.mjs '<job as JSON>'` prints the result.
 */
import { runJob } from './load/run-job.mjs';

const [jobText] = process.argv.slice(2);
if (jobText !== undefined) {
  process.stdout.write(`${JSON.stringify(await runJob(JSON.parse(jobText)), null, 2)}\n`);
} else if (process.send === undefined) {
  process.stderr.write("usage: node bench/load-generator.mjs '<job as JSON>'\n");
  process.exitCode = 2;
} else {
  process.on('message', (job) => {
    runJob(/** @type {import('./load/job.mjs').LoadJob} */ (job)).then(
      (result) => process.send?.({ result }),
      (error) => process.send?.({ error: String(error?.stack ?? error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
