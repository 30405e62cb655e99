import { GatewayError, type RequestAddress } from '#translation';

export type GeminiMethod = 'generateContent' | 'streamGenerateContent' | 'countTokens';

const methods: readonly GeminiMethod[] = [
  'generateContent',
  'streamGenerateContent',
  'countTokens',
];
/** Some SDKs leave `models/` out before names that hold a slash, and some escape the colon with the name. */
const pattern = /^\/(?:v1(?:beta)?\/models|v1beta)\/([^?]+)(?::|%3[Aa])(\w+)(?:\?|$)/;

export interface GeminiAddress extends RequestAddress {
  readonly method: GeminiMethod;
}

/**
 * What Google's API says in the URL: `/v1beta/models/{model}:{method}`.
 * @throws GatewayError `not_found` for a method that is not served here, and for a path that names none
 */
export function readGeminiAddress(url: string): GeminiAddress {
  const match = pattern.exec(url);
  if (match === null) {
    throw new GatewayError(
      'not_found',
      'The path must name a model and a method: `/v1beta/models/{model}:generateContent`.',
    );
  }
  const [, name = '', word = ''] = match;
  const method = methods.find((known) => known === word);
  if (method === undefined) {
    throw new GatewayError(
      'not_found',
      `The method \`${word.slice(0, 40)}\` is not served here; there are ${methods.join(', ')}.`,
    );
  }
  return { model: decodeName(name), stream: method === 'streamGenerateContent', method };
}

/** Names of routes may hold slashes and more, so clients escape them. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Without `alt=sse` a stream is one JSON array that grows. */
export function wantsJsonArray(url: string): boolean {
  return !/[?&]alt=sse(?:&|$)/.test(url);
}
