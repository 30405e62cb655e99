import type { NativeTool } from '../../canonical/request.js';
import type { TranslationReport } from '../request/translation-report.js';

/** Codex declares OpenAI's search with every request and works without it. */
const dispensable: ReadonlySet<string> = new Set(['web_search', 'web_search_preview']);

/** A provider's own tool has no meaning elsewhere. @throws GatewayError `unsupported_by_target` */
export function refuseNativeTool({ kind, path }: NativeTool, report: TranslationReport): void {
  const problem = `the provider's own tool "${kind}" exists there alone`;
  if (dispensable.has(kind)) report.dropped(path, problem);
  else {
    report.refuseOrDrop(
      path,
      problem,
      'Remove it, or declare a function tool that you run yourself.',
    );
  }
}
