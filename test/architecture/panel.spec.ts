import 'reflect-metadata';
import { providerDefinitions } from '#adapters';
import { shippedEngines } from '#process';
import { lossModes, protocols, wireProtocols, type ProtocolId } from '#translation';
import { describe, expect, it } from 'vitest';
import { capabilities } from '../../apps/admin/src/capabilities/capabilities.js';
import { toClientSnippets } from '../../apps/admin/src/clients/clientSnippets.js';
import { modelCommands } from '../../apps/admin/src/localModels/commands/modelCommands.js';
import { engineChoices } from '../../apps/admin/src/localModels/engineChoices.js';
import { lossModes as lossModesOfPanel } from '../../apps/admin/src/protocols/lossModes.js';
import {
  protocols as protocolsOfPanel,
  providerProtocols,
} from '../../apps/admin/src/protocols/protocols.js';
import { providerPresets } from '../../apps/admin/src/providersAdmin/providerPresets.js';
import { CreateVirtualKeyDto } from '../../apps/api/src/keys/virtual-key.dto.js';
import { localModelCommands } from '../../apps/api/src/models/commands/command-rules.js';
import { CreateModelDownloadDto } from '../../apps/api/src/model-downloads/model-download.dto.js';
import { CreateLocalModelDto } from '../../apps/api/src/models/local-model.dto.js';
import { CreateProviderDto } from '../../apps/api/src/providers/provider.dto.js';
import { CreateModelRouteDto, RouteTargetDto } from '../../apps/api/src/routes/model-route.dto.js';
import { firstSteps } from '../../apps/api/src/startup/first-steps.js';
import { capabilityFields } from '../../libs/translation/src/capabilities/capability-fields.js';
import { readProjectFile, sourceFiles } from './source-tree.js';
import { writableFields } from './writable-fields.js';

/** Taken from targets that are sent back, and ignored. */
const readOnly = new Set(['id', 'label']);

/** The panel imports nothing of the gateway, so what both list is compared here. */
describe('the panel', () => {
  it('knows every protocol, and which of them providers speak', () => {
    const known = protocolsOfPanel.map(({ id }) => id);
    expect(Object.keys(wireProtocols).filter((id) => !known.includes(id))).toEqual([]);
    const offered = providerProtocols.map(({ id }) => id);
    expect(Object.keys(protocols).filter((id) => !offered.includes(id))).toEqual([]);
  });

  it('offers every engine, and asks for what it needs', () => {
    const needs = {
      'gguf-file': 'file',
      'model-folder': 'folder',
      'models-folder': 'folder-and-name',
      'model-name': 'name',
      none: 'file',
    } as const;
    const wanted = shippedEngines().map(({ id, kind, traits }) => [
      id,
      kind === 'attached' ? 'server' : needs[traits?.modelForm ?? 'none'],
    ]);
    const offered = engineChoices.map(({ id, need }) => [id, need]);
    expect(offered.sort()).toEqual(wanted.sort());
  });

  it('offers to sleep where an engine has to be started for it', () => {
    const wanted = shippedEngines().filter(({ sleep }) => sleep?.isOptional === true);
    const offered = engineChoices.filter((choice) => choice.hasSleepSwitch === true);
    expect(offered.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
  });

  it('offers every command of a local model, and the documentation explains it', () => {
    const offered = modelCommands.flatMap(({ sends }) => [...sends]);
    expect(offered.toSorted()).toEqual([...localModelCommands].toSorted());
    const docs = readProjectFile('docs/management-api.md');
    const rows = docs.split('\n').filter((line) => line.startsWith('| `'));
    const missing = localModelCommands.filter(
      (command) => !rows.some((row) => row.split('|')[1]?.includes(`\`${command}\``)),
    );
    expect(missing).toEqual([]);
  });

  it('offers every capability with the values it may have', () => {
    const offered = Object.fromEntries(capabilities.map(({ name, field }) => [name, field]));
    expect(offered).toEqual(capabilityFields);
  });

  it.each([
    { folder: 'providersAdmin', dtos: [CreateProviderDto] },
    { folder: 'localModels', dtos: [CreateLocalModelDto] },
    { folder: 'modelRoutes', dtos: [CreateModelRouteDto, RouteTargetDto] },
    { folder: 'virtualKeys', dtos: [CreateVirtualKeyDto] },
    { folder: 'modelDownloads', dtos: [CreateModelDownloadDto] },
  ])('has an input for every field that may be written: $folder', ({ folder, dtos }) => {
    const forms = sourceFiles(`apps/admin/src/${folder}`).filter(({ name }) => /Input/.test(name));
    const text = forms.map((file) => file.text).join('\n');
    // the shared input of names says so itself
    const hasInput = (field: string): boolean =>
      field === 'name' ? /<NameInput|source="name"/.test(text) : text.includes(`source="${field}"`);
    const fields = dtos.flatMap(writableFields).filter((field) => !readOnly.has(field));
    expect(fields.length).toBeGreaterThan(2);
    expect(fields.filter((field) => !hasInput(field))).toEqual([]);
  });

  it('offers presets in the gateway’s own words', () => {
    for (const { baseUrl, protocol, alsoSpeaks = [] } of providerPresets) {
      const definition = providerDefinitions[protocol as ProtocolId];
      expect([baseUrl, definition?.findUrlFault(baseUrl)]).toEqual([baseUrl, null]);
      expect(new URL(baseUrl).pathname.endsWith(definition.usualBasePath)).toBe(true);
      expect(alsoSpeaks.filter((id) => !Object.hasOwn(wireProtocols, id))).toEqual([]);
    }
  });

  it('explains every loss mode', () => {
    expect(lossModesOfPanel.map(({ id }) => id)).toEqual([...lossModes]);
  });
});

describe('how clients are set up', () => {
  const console = firstSteps({ origin: 'http://127.0.0.1:4747', secret: 'k', model: 'm' });
  const readme = readProjectFile('README.md');
  const snippets = toClientSnippets({ origin: 'http://127.0.0.1:4747', secret: 'k', model: 'm' });

  it('is the same on the console, in the README and in the panel', () => {
    const clients = console
      .filter((line) => /^[A-Z].*:$/.test(line) && line !== 'Try it:')
      .map((line) => line.slice(0, -1));
    expect(clients.length).toBeGreaterThan(3);
    const shown = snippets.map(({ name }) => name);
    expect(clients.filter((name) => !shown.includes(name))).toEqual([]);
    expect(clients.filter((name) => !readme.includes(`| ${name} `))).toEqual([]);
  });

  it('names the same environment variables on the console as in the README', () => {
    const variables = console.join('\n').match(/\b[A-Z][A-Z_]+(?==)/g) ?? [];
    expect(variables.length).toBeGreaterThan(5);
    expect(variables.filter((name) => !readme.includes(name))).toEqual([]);
  });
});
