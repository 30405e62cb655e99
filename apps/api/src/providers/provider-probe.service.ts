import { describeNetworkError, EgressClient, providerDefinitions } from '#adapters';
import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { ToldCapabilities } from './told-capabilities.js';
import { ProvidersService } from './providers.service.js';

export interface ProbeResult {
  readonly ok: boolean;
  readonly message: string;
  readonly models: readonly string[];
}

/** Asks a provider for its models: costs nothing, proves address and credential, and tells what the models take. */
@Injectable()
export class ProviderProbe {
  constructor(
    private readonly egress: EgressClient,
    private readonly providers: ProvidersService,
    private readonly told: ToldCapabilities,
    private readonly changes: ConfigurationChanges,
  ) {}

  async probe(id: string): Promise<ProbeResult> {
    const provider = await this.providers.get(id);
    try {
      const { baseUrl, allowPrivateNetwork } = provider;
      const models = await providerDefinitions[provider.protocol].listModels(this.egress, {
        baseUrl,
        allowPrivateNetwork,
        credential: this.providers.credentialFor(provider),
      });
      if (this.told.note(id, models)) await this.changes.notify('providers');
      return {
        ok: true,
        message: `It answered with ${models.length} models.`,
        models: models.slice(0, 500).map((model) => model.id),
      };
    } catch (error) {
      return { ok: false, message: explain(error), models: [] };
    }
  }
}

function explain(error: unknown): string {
  if (error instanceof GatewayError) return error.message;
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 401 || status === 403)
    return `It refused the credential (HTTP ${status}). Enter it anew.`;
  if (status === 404)
    return 'It has no list of models at this address (HTTP 404). Check the base URL; OpenAI-compatible ones end in /v1.';
  if (typeof status === 'number') return `It answered HTTP ${status}.`;
  return describeNetworkError(error, false).message;
}
