import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import type { BilledTokens, UpstreamProtocol } from '../support/fake-upstream/upstream-log.js';
import { ManagementClient, type RequestWithAttempts } from '../support/management-client.js';
import type { TargetFields } from '../support/management-client/row-fields.js';
import {
  startGateway,
  type GatewayOptions,
  type GatewayProcess,
} from '../support/start-gateway.js';

/** Nano-dollars per million tokens: one and two dollars. */
const testPrices = {
  priceInputNanosPerMTok: 1_000_000_000,
  priceOutputNanosPerMTok: 2_000_000_000,
} as const;

/** Credentials of the providers; they must never leave the gateway except to their upstream. */
export const providerCredential = 'sk-provider-canary-7f3d9a';

export const protocols: readonly UpstreamProtocol[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini-generate',
];
const chatPath = '/v1/chat/completions';
export const responsesPath = '/v1/responses';
const messagesPath = '/v1/messages';

const messages = [{ role: 'user', content: 'Hello?' }];

/** The least that asks for an answer of at most 200 tokens, without the model. */
const plainRequests: Readonly<Record<UpstreamProtocol, object>> = {
  'openai-chat': { max_tokens: 200, messages },
  'openai-responses': { max_output_tokens: 200, input: messages },
  'anthropic-messages': { max_tokens: 200, messages },
  'gemini-generate': {
    generationConfig: { maxOutputTokens: 200 },
    contents: [{ role: 'user', parts: [{ text: 'Hello?' }] }],
  },
};

export function inferencePath(
  protocol: UpstreamProtocol,
  model: string,
  isStream: boolean,
): string {
  switch (protocol) {
    case 'openai-chat':
      return chatPath;
    case 'openai-responses':
      return responsesPath;
    case 'anthropic-messages':
      return messagesPath;
    case 'gemini-generate': {
      const method = isStream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return `/v1beta/models/${encodeURIComponent(model)}:${method}`;
    }
  }
}

type Providers = Readonly<Record<UpstreamProtocol, string>>;

/** What a request is, apart from where it goes. */
export interface Ask {
  readonly isStream?: boolean;
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A gateway with an upstream behind it, a signed-in admin, and a key that may do everything. */
export class TestBed {
  admin!: ManagementClient;
  key!: string;
  private providers!: Providers;
  private readonly routes = new Map<string, Promise<string>>();

  private constructor(
    public gateway: GatewayProcess,
    readonly upstream: FakeUpstream,
  ) {}

  static async open(options: GatewayOptions = {}): Promise<TestBed> {
    const upstream = await startFakeUpstream();
    const bed = new TestBed(await startGateway(options), upstream);
    bed.admin = await ManagementClient.signIn(bed.gateway);
    bed.key = (await bed.admin.createKey({ name: 'everything' })).secret;
    const create = async (protocol: UpstreamProtocol, baseUrl: string): Promise<string> => {
      const name = `fake-${protocol}`;
      const fields = { name, protocol, baseUrl, credential: providerCredential };
      return (await bed.admin.createProvider(fields)).id;
    };
    bed.providers = {
      'openai-chat': await create('openai-chat', upstream.openaiUrl),
      'openai-responses': await create('openai-responses', upstream.openaiUrl),
      'anthropic-messages': await create('anthropic-messages', upstream.anthropicUrl),
      'gemini-generate': await create('gemini-generate', upstream.geminiUrl),
    };
    return bed;
  }

  async close(): Promise<void> {
    await this.gateway.stop();
    await this.upstream.close();
  }

  /** Goes on with a new process on the same data, after the old one has ended. */
  async resume(gateway: GatewayProcess): Promise<void> {
    this.gateway = gateway;
    this.admin = await ManagementClient.signIn(gateway);
  }

  target(protocol: UpstreamProtocol, upstreamModel: string): TargetFields {
    return { kind: 'provider', providerId: this.providers[protocol], upstreamModel, ...testPrices };
  }

  /** Name of a route with one target at the fake upstream; made when it is first asked for. */
  route(protocol: UpstreamProtocol, upstreamModel: string): Promise<string> {
    return this.routeTo(`${protocol}/${upstreamModel}`, [this.target(protocol, upstreamModel)]);
  }

  /** Name of a route with these targets. */
  routeTo(name: string, targets: readonly TargetFields[]): Promise<string> {
    const known = this.routes.get(name);
    if (known !== undefined) return known;
    const made = this.admin.createRoute({ name, targets }).then((route) => route.name);
    this.routes.set(name, made);
    return made;
  }

  /** The fake upstream as a server of this machine. */
  async localTarget(upstreamModel: string): Promise<TargetFields> {
    const model = await this.admin.createLocalModel({
      name: `attached-${upstreamModel}`,
      engine: 'attached',
      endpoint: this.upstream.origin,
      upstreamModel,
    });
    return { kind: 'local', localModelId: model.id };
  }

  openai(key = this.key): OpenAI {
    return new OpenAI({ apiKey: key, baseURL: `${this.gateway.origin}/v1`, maxRetries: 0 });
  }

  anthropic(key = this.key): Anthropic {
    return new Anthropic({ apiKey: key, baseURL: this.gateway.origin, maxRetries: 0 });
  }

  /** A short plain request in the protocol. */
  ask(protocol: UpstreamProtocol, model: string, options: Ask = {}): Promise<Response> {
    const { isStream = false, key = this.key, signal, headers, body } = options;
    const isGemini = protocol === 'gemini-generate';
    return fetch(this.gateway.origin + inferencePath(protocol, model, isStream), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(protocol === 'anthropic-messages' ? { 'anthropic-version': '2023-06-01' } : {}),
        ...headers,
      },
      body: JSON.stringify({
        ...(isGemini ? {} : { model }),
        ...plainRequests[protocol],
        ...(isStream && !isGemini ? { stream: true } : {}),
        ...body,
      }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The log row of the request that got this answer. */
  logOf(response: Response): Promise<RequestWithAttempts> {
    return this.admin.requestLog(response.headers.get('x-spillway-request-id') ?? 'no-id');
  }
}

/** What the test prices make of a bill. */
export function costNanosOf(billed: BilledTokens | null): number {
  return (billed?.inputTokens ?? 0) * 1_000 + (billed?.outputTokens ?? 0) * 2_000;
}
