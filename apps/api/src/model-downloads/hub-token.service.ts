import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { SecretBox } from '../common/secret-box.js';
import { AppConfig } from '../config/app-config.js';
import { HubToken } from './hub-token.entity.js';

/** The hub as the API shows it; the token itself never leaves. */
export interface HubView {
  readonly isEnabled: boolean;
  readonly url: string;
  readonly cacheFolder: string;
  readonly tokenSource: 'stored' | 'environment' | null;
  readonly tokenHint: string | null;
  /** A token is stored, but cannot be opened any more: it must be entered again. */
  readonly needsToken: boolean;
}

/** The token that opens gated and private repositories: the stored one, else that of the environment. */
@Injectable()
export class HubTokens {
  private stored: HubToken | null = null;
  private opened: string | null = null;

  constructor(
    @InjectRepository(HubToken) private readonly tokens: Repository<HubToken>,
    private readonly secrets: SecretBox,
    private readonly config: AppConfig,
  ) {}

  /** Null when there is none, or none that opens. */
  current(): string | null {
    return this.stored === null ? this.config.hub.token : this.opened;
  }

  view(): HubView {
    const { isModelDownloadEnabled: isEnabled, hub } = this.config;
    // the master key may have been put back since
    if (this.stored !== null && this.opened === null) this.open(this.stored);
    const inEnvironment = hub.token === null ? null : 'environment';
    return {
      isEnabled,
      url: hub.url,
      cacheFolder: hub.cacheFolder,
      tokenSource: this.stored === null ? inEnvironment : 'stored',
      tokenHint: this.stored?.tokenHint ?? null,
      needsToken: this.stored !== null && this.opened === null,
    };
  }

  /** Null removes it. @throws GatewayError `secrets_locked` */
  async store(token: string | null): Promise<HubView> {
    const { url: hubUrl } = this.config.hub;
    if (token === null) await this.tokens.delete({ hubUrl });
    else {
      const tokenSealed = await this.secrets.seal(token, placeOf(hubUrl));
      const tokenHint = token.length >= 20 ? `…${token.slice(-4)}` : '…';
      await this.tokens.upsert({ hubUrl, tokenSealed, tokenHint, updatedAt: Date.now() }, [
        'hubUrl',
      ]);
    }
    await this.load();
    return this.view();
  }

  /** Must have run before a token is asked for. */
  async load(): Promise<void> {
    this.stored = await this.tokens.findOneBy({ hubUrl: this.config.hub.url });
    this.opened = null;
    if (this.stored !== null) this.open(this.stored);
  }

  private open({ hubUrl, tokenSealed }: HubToken): void {
    this.opened = this.secrets.open(tokenSealed, placeOf(hubUrl));
  }
}

function placeOf(hubUrl: string): string {
  return `hub_tokens/${hubUrl}/token`;
}
