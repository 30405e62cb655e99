interface ProviderForm {
  readonly credential?: string | null;
  readonly removesCredential?: boolean;
  readonly alsoSpeaks?: readonly string[] | null;
  readonly [field: string]: unknown;
}

/**
 * What the API takes from the form. The credential is write-only: left out it stays as it is, and null
 * removes it. No chosen protocol leaves it to what is known of the host.
 */
export function toProviderBody(form: ProviderForm): Record<string, unknown> {
  const { credential, removesCredential, alsoSpeaks, ...rest } = form;
  const isUnsaid = alsoSpeaks?.length === 0;
  const fields =
    alsoSpeaks === undefined ? rest : { ...rest, alsoSpeaks: isUnsaid ? null : alsoSpeaks };
  if (typeof credential === 'string' && credential.trim() !== '') {
    return { ...fields, credential: credential.trim() };
  }
  return removesCredential === true ? { ...fields, credential: null } : fields;
}
