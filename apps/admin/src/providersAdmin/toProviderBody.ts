interface ProviderForm {
  readonly credential?: string | null;
  readonly removesCredential?: boolean;
  readonly [field: string]: unknown;
}

/**
 * What the API takes from the form. The credential is write-only: left out it stays as it is, and null
 * removes it.
 */
export function toProviderBody(form: ProviderForm): Record<string, unknown> {
  const { credential, removesCredential, ...fields } = form;
  if (typeof credential === 'string' && credential.trim() !== '') {
    return { ...fields, credential: credential.trim() };
  }
  return removesCredential === true ? { ...fields, credential: null } : fields;
}
