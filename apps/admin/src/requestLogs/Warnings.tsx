import { Section } from '../layout/Section.js';
import type { Warning } from '../warnings/groupWarnings.js';
import { WarningList } from '../warnings/WarningList.js';

/** What could not be carried over between the protocols; the caller got the same in a header. */
export const Warnings = ({ warnings }: { readonly warnings: readonly Warning[] }) => (
  <Section
    title={`Warnings (${warnings.length})`}
    hint="What the target could not be told in the caller’s own words."
  >
    <WarningList warnings={warnings} />
  </Section>
);
