import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { Section } from '../layout/Section.js';
import type { Discovery } from './Discovery.js';
import { FoundRow } from './FoundRow.js';

export const FoundEngines = ({ discovery }: { readonly discovery: Discovery }) => {
  const { engines, embeddedEngine } = discovery;
  const isEmbeddedUsable = embeddedEngine.isInstalled && embeddedEngine.isAllowed;
  return (
    <Section title="Engines" hint="What can run a model file.">
      {engines.map(({ id, path, version }) => (
        <FoundRow
          key={`${id}${path ?? ''}`}
          title={version === null ? id : `${id} ${version}`}
          detail={path === null ? undefined : <Mono>{path}</Mono>}
          action={<Status value="ready" />}
        />
      ))}
      <FoundRow
        title="Embedded engine"
        detail={embeddedEngine.reason ?? undefined}
        action={<Status value={isEmbeddedUsable ? 'ready' : 'unavailable'} />}
      />
    </Section>
  );
};
