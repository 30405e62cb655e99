import { defaultI18nProvider, type I18nProvider } from 'react-admin';

/** Where react-admin speaks of "elements", and the notifications it takes as keys only. */
const ownWords: Readonly<Record<string, string>> = {
  'ra.notification.created': 'Created',
  'ra.notification.updated': 'Saved',
  'ra.notification.deleted': 'Deleted',
  'ra.notification.item_doesnt_exist': 'It does not exist any more',
  'spillway.keyRevoked': 'The key is revoked',
  'ra.auth.logout': 'Sign out',
};

/** English as react-admin ships it, but for the words above. */
export const i18nProvider: I18nProvider = {
  ...defaultI18nProvider,
  translate: (key, options) => ownWords[key] ?? defaultI18nProvider.translate(key, options),
};
