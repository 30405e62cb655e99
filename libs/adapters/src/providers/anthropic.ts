import { listAnthropicModels } from '../anthropic/list-anthropic-models.js';
import type { ProviderDefinition } from '../provider-definition.js';

/** The version this gateway writes when it translates; callers of the same protocol keep their own. */
const ownVersion = '2023-06-01';

/**
 * Anthropic Messages, at Anthropic or elsewhere. From version 2026-10-21 on keys travel as bearer tokens, as the
 * official SDKs send them; before, as `x-api-key`.
 * Headers beginning with `anthropic-` are an open list: they go on unread, in pairs with body fields.
 */
export const anthropic: ProviderDefinition = {
  protocol: 'anthropic-messages',
  siblings: [],
  usualBasePath: '',
  inferencePath: () => '/v1/messages',
  authHeaders: (credential, apiVersion) => {
    const version = apiVersion ?? ownVersion;
    const versionHeader = ['anthropic-version', version];
    if (credential === null) return versionHeader;
    return version >= '2026-10-21' || credential.startsWith('sk-ant-oat')
      ? [...versionHeader, 'authorization', `Bearer ${credential}`]
      : [...versionHeader, 'x-api-key', credential];
  },
  forwardedHeaders: [
    'anthropic-beta',
    'anthropic-dangerous-direct-browser-access',
    'x-claude-code-*',
  ],
  returnedHeaders: ['anthropic-ratelimit-*'],
  apiVersion: (callerVersion) => callerVersion ?? ownVersion,
  listModels: listAnthropicModels,
  findUrlFault: (baseUrl) =>
    new URL(baseUrl).pathname.endsWith('/v1')
      ? `must not end in /v1 for anthropic-messages, which adds it by itself; enter ${baseUrl.slice(0, -'/v1'.length)}`
      : null,
};
