import { engineNeed, hasSleepSwitch, type EngineNeed } from './engineChoices.js';

/** Fields of other kinds of engines, which the form may still hold after a change of mind. */
const foreignFields: Readonly<Record<EngineNeed, readonly string[]>> = {
  file: ['endpoint', 'upstreamModel'],
  folder: ['endpoint', 'upstreamModel'],
  'folder-and-name': ['endpoint'],
  name: ['endpoint', 'modelPath'],
  server: [
    'modelPath',
    'idleStopMs',
    'isPinned',
    'keepWeight',
    'minResidencyMs',
    'evictBusyAfterMs',
    'memoryBytes',
    'exclusiveGroup',
    'whenAbandoned',
    'onGatewayDeath',
  ],
};

/** What the API takes from the form: only the fields that fit the engine. */
export function toLocalModelBody(form: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const engine = typeof form['engine'] === 'string' ? form['engine'] : undefined;
  const foreign = [
    ...foreignFields[engineNeed(engine)],
    ...(hasSleepSwitch(engine) ? [] : ['isSleepEnabled']),
  ];
  return Object.fromEntries(Object.entries(form).filter(([field]) => !foreign.includes(field)));
}
