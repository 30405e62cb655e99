/** What a translation changed at one place of a request. */
export interface Warning {
  /** `dropped`, `emulated`, `renamed`, `clamped`, … */
  readonly code: string;
  /** JSON path in the caller's request. */
  readonly path: string | null;
  readonly detail: string | null;
}

export interface WarningGroup {
  readonly code: string;
  readonly detail: string | null;
  /** In the order they were met. */
  readonly paths: readonly string[];
}

/** Warnings that say the same of several places are one; what was dropped comes first. */
export function groupWarnings(warnings: readonly Warning[]): readonly WarningGroup[] {
  const groups = new Map<string, WarningGroup>();
  for (const { code, path, detail } of warnings) {
    const key = JSON.stringify([code, detail]);
    const paths = groups.get(key)?.paths ?? [];
    groups.set(key, { code, detail, paths: path === null ? paths : [...paths, path] });
  }
  const isLess = ({ code }: WarningGroup): number => (code === 'dropped' ? 0 : 1);
  return [...groups.values()].toSorted((a, b) => isLess(a) - isLess(b));
}
