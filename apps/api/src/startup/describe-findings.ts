import type { MachineFindings } from '../discovery/machine-discovery.service.js';

const maxListed = 8;

/** What was found on the machine, one line a kind. */
export function describeFindings(found: MachineFindings): string[] {
  const list = (items: readonly string[]): string => {
    if (items.length === 0) return 'none';
    const more = items.length > maxListed ? ` and ${items.length - maxListed} more` : '';
    return items.slice(0, maxListed).join(', ') + more;
  };
  return [
    '',
    'Found on this machine:',
    `  engines:        ${list(found.engines.map(({ id, version }) => (version === null ? id : `${id} ${version}`)))}`,
    `  model servers:  ${list(found.servers.map(({ kind, origin, models }) => `${kind} at ${origin} (${models.length} models)`))}`,
    `  model files:    ${list(found.modelFiles.map(({ path, sizeBytes }) => `${path} (${(sizeBytes / 1e9).toFixed(1)} GB)`))}`,
    `  provider keys:  ${list(found.environmentKeys.map(({ provider, variable }) => `${provider} (${variable})`))}`,
    ...(found.environmentKeys.length === 0
      ? []
      : [
          '  (provider keys are used only after you add the provider in the panel; nothing leaves this machine by itself)',
        ]),
  ];
}
