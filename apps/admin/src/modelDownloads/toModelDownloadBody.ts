interface DownloadForm {
  readonly repository?: string;
  readonly revision?: string | null;
  readonly files?: string | null;
}

/** What the form holds, as the API takes it; a pasted address of the hub’s page is read as the repository’s name. */
export function toModelDownloadBody(form: DownloadForm): Record<string, unknown> {
  const revision = form.revision?.trim() ?? '';
  const files = form.files?.trim() ?? '';
  return {
    repository: (form.repository ?? '')
      .trim()
      .replace(/^https?:\/\/[^/]+\//, '')
      .replace(/\/+$/, ''),
    ...(revision === '' ? {} : { revision }),
    files: files === '' ? null : files,
  };
}
