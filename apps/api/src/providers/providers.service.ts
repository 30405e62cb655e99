import { findUrlFault, providerDefinitions } from '#adapters';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { randomUUID } from 'node:crypto';
import { DataSource, type Repository } from 'typeorm';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { orNotFound } from '../common/management/not-found.js';
import { SecretBox } from '../common/secret-box.js';
import { refuseBrokenReferences } from '../common/management/refuse-broken-references.js';
import { refuseDuplicates } from '../common/management/refuse-duplicates.js';
import { ValidationFault } from '../common/management/validation-fault.js';
import type { CreateProviderDto, UpdateProviderDto } from './provider.dto.js';
import { Provider } from './provider.entity.js';

/** A provider as routing needs it; the credential stays sealed until it is used. */
export type ProviderSnapshot = Readonly<
  Omit<Provider, 'credentialSealed' | 'credentialHint' | 'updatedAt' | 'createdAt' | 'isEnabled'>
>;

/** Null = the provider wants none. */
type OpenedCredential =
  | { readonly isLocked: false; readonly credential: string | null }
  | { readonly isLocked: true; readonly provider: string };

const placeOf = (id: string): string => `providers/${id}/credential`;

@Injectable()
export class ProvidersService implements OnApplicationBootstrap {
  private readonly logger = new Logger(ProvidersService.name);
  /** Opened credentials, so that a request does not pay for decryption. */
  private readonly opened = new Map<string, OpenedCredential>();

  constructor(
    @InjectRepository(Provider) private readonly providers: Repository<Provider>,
    private readonly dataSource: DataSource,
    private readonly secrets: SecretBox,
    private readonly changes: ConfigurationChanges,
  ) {}

  async get(id: string): Promise<Provider> {
    return orNotFound(await this.providers.findOneBy({ id }), 'provider');
  }

  async snapshot(): Promise<readonly ProviderSnapshot[]> {
    const rows = await this.providers.findBy({ isEnabled: true });
    for (const row of rows) this.open(row);
    return rows;
  }

  /**
   * The credential of an enabled provider, opened when the snapshot was taken or when the provider was last changed.
   * @throws GatewayError `secrets_locked`
   */
  credentialOf(id: string): string | null {
    const opened = this.opened.get(id);
    if (opened?.isLocked === false) return opened.credential;
    const whose = opened === undefined ? 'this provider' : `the provider \`${opened.provider}\``;
    throw new GatewayError(
      'secrets_locked',
      `The stored credential of ${whose} cannot be opened. ${this.cause()} Put the right file back and restart the gateway, or enter the credential again: in the panel under Providers, or with PUT /api/providers/${id}.`,
    );
  }

  /** The credential of any provider, enabled or not. @throws GatewayError `secrets_locked` */
  credentialFor(provider: Provider): string | null {
    this.open(provider);
    return this.credentialOf(provider.id);
  }

  /** Has it a stored credential that does not open, so that somebody must enter it again? */
  needsCredential(provider: Provider): boolean {
    return (this.opened.get(provider.id) ?? this.tryOpen(provider)).isLocked;
  }

  /** Says on the console which credentials are locked, and how to get out of that. */
  async onApplicationBootstrap(): Promise<void> {
    const rows = await this.providers.find({ order: { name: 'ASC' } });
    const locked = rows.filter((row) => this.needsCredential(row)).map(({ name }) => name);
    if (locked.length === 0) return;
    this.logger.warn(
      `The stored credentials of these providers cannot be opened: ${locked.join(', ')}. ${this.cause()} ` +
        'If you have the right file, put it back and restart. If it is lost, enter each credential again: ' +
        'panel > Providers > the name > API key, or PUT /api/providers/<id> {"credential":"…"}. ' +
        'Until then those providers are passed over; everything else works.',
    );
  }

  async create(fields: CreateProviderDto): Promise<Provider> {
    const id = randomUUID();
    const now = Date.now();
    const provider: Provider = {
      id,
      name: fields.name,
      protocol: fields.protocol,
      alsoSpeaks: fields.alsoSpeaks ?? null,
      baseUrl: fields.baseUrl.replace(/\/+$/, ''),
      ...(await this.sealed(id, fields.credential ?? null)),
      allowPrivateNetwork: fields.allowPrivateNetwork ?? false,
      isFree: fields.isFree ?? false,
      priceProvider: fields.priceProvider ?? null,
      isEnabled: fields.isEnabled ?? true,
      createdAt: now,
      updatedAt: now,
    };
    assertUrl(provider);
    await refuseDuplicates('provider', provider.name, () => this.providers.insert(provider));
    return this.changed(id);
  }

  async update(id: string, fields: UpdateProviderDto): Promise<Provider> {
    const before = await this.get(id);
    const { credential, ...rest } = fields;
    const given = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    ) as Partial<Provider>;
    if (given.baseUrl !== undefined) given.baseUrl = given.baseUrl.replace(/\/+$/, '');
    const after = { ...before, ...given };
    assertUrl(after);
    const isElsewhere = new URL(after.baseUrl).origin !== new URL(before.baseUrl).origin;
    if (isElsewhere && credential === undefined && before.credentialSealed !== null) {
      // whoever may edit a provider must not be able to send its stored key to a host of their own
      throw new ValidationFault([
        {
          path: 'credential',
          message: 'must be entered again when the base URL moves to another host',
        },
      ]);
    }
    const sealed = credential === undefined ? {} : await this.sealed(id, credential);
    await refuseDuplicates('provider', after.name, () =>
      this.providers.update({ id }, { ...given, ...sealed, updatedAt: Date.now() }),
    );
    return this.changed(id);
  }

  async remove(id: string): Promise<Provider> {
    const provider = await this.get(id);
    const routes = await this.dataSource.query<{ name: string }[]>(
      'SELECT DISTINCT r.name AS name FROM route_targets t JOIN model_routes r ON r.id = t.route_id WHERE t.provider_id = ?',
      [id],
    );
    if (routes.length > 0)
      throw new GatewayError(
        'conflict',
        `This provider is a target of ${routes.map(({ name }) => `\`${name}\``).join(', ')}. Take it out of there first.`,
      );
    await refuseBrokenReferences(
      'A route that uses this provider was made just now. Take it out of there first.',
      () => this.providers.delete({ id }),
    );
    this.opened.delete(id);
    await this.changes.notify('providers');
    return provider;
  }

  private async changed(id: string): Promise<Provider> {
    const provider = await this.get(id);
    this.reopen(provider);
    await this.changes.notify('providers');
    return provider;
  }

  private async sealed(id: string, credential: string | null) {
    if (credential === null) return { credentialSealed: null, credentialHint: null };
    const wasFaulty = this.secrets.fault !== null;
    const credentialSealed = await this.secrets.seal(credential, placeOf(id));
    if (wasFaulty) this.forgetLocked();
    return {
      credentialSealed,
      credentialHint: credential.length >= 20 ? `…${credential.slice(-4)}` : '…',
    };
  }

  /** The key that was taken into use just now may be the right one, put back: the next look tries again. */
  private forgetLocked(): void {
    for (const [id, { isLocked }] of this.opened) if (isLocked) this.opened.delete(id);
  }

  private open(row: Provider): void {
    if (!this.opened.has(row.id)) this.reopen(row);
  }

  /** In one step, so that there is no moment at which a request finds no credential. */
  private reopen(row: Provider): void {
    this.opened.set(row.id, this.tryOpen(row));
  }

  /** A credential that stays locked is told to whoever needs it; all other targets go on working. */
  private tryOpen({ id, name, credentialSealed }: Provider): OpenedCredential {
    if (credentialSealed === null) return { isLocked: false, credential: null };
    const credential = this.secrets.open(credentialSealed, placeOf(id));
    return credential === null
      ? { isLocked: true, provider: name }
      : { isLocked: false, credential };
  }

  private cause(): string {
    switch (this.secrets.fault) {
      case 'missing':
        return 'The key file master.key is missing from the data directory.';
      case 'unknown':
        return 'The key file master.key in the data directory is not the one it was sealed with.';
      case null:
        return 'It was sealed with another master.key, or was changed in the database.';
    }
  }
}

function assertUrl({ baseUrl, protocol, allowPrivateNetwork }: Provider): void {
  const fault =
    findUrlFault(baseUrl, allowPrivateNetwork) ??
    providerDefinitions[protocol].findUrlFault(baseUrl);
  if (fault !== null) throw new ValidationFault([{ path: 'baseUrl', message: fault }]);
}
