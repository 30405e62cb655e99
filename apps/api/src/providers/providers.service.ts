import { findUrlFault, providerDefinitions } from '#adapters';
import { Injectable } from '@nestjs/common';
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

const placeOf = (id: string): string => `providers/${id}/credential`;

@Injectable()
export class ProvidersService {
  /** Opened credentials, so that a request does not pay for decryption. */
  private readonly opened = new Map<string, string | null>();

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
    const credential = this.opened.get(id);
    if (credential !== undefined) return credential;
    this.secrets.assertUnlocked();
    throw new GatewayError(
      'secrets_locked',
      'The stored credential of this provider cannot be opened. Enter the credential anew.',
    );
  }

  /** The credential of any provider, enabled or not. @throws GatewayError `secrets_locked` */
  credentialFor(provider: Provider): string | null {
    this.open(provider);
    return this.credentialOf(provider.id);
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
      ...this.sealed(id, fields.credential ?? null),
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
    const sealed = credential === undefined ? {} : this.sealed(id, credential);
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

  private sealed(id: string, credential: string | null) {
    return credential === null
      ? { credentialSealed: null, credentialHint: null }
      : {
          credentialSealed: this.secrets.seal(credential, placeOf(id)),
          credentialHint: credential.length >= 20 ? `…${credential.slice(-4)}` : '…',
        };
  }

  private open(row: Provider): void {
    if (!this.opened.has(row.id)) this.reopen(row);
  }

  /** In one step, so that there is no moment at which a request finds no credential. */
  private reopen(row: Provider): void {
    try {
      this.opened.set(
        row.id,
        row.credentialSealed === null
          ? null
          : this.secrets.open(row.credentialSealed, placeOf(row.id)),
      );
    } catch {
      // closed: `credentialOf` says so to whoever needs it; local models go on working
      this.opened.delete(row.id);
    }
  }
}

function assertUrl({ baseUrl, protocol, allowPrivateNetwork }: Provider): void {
  const fault =
    findUrlFault(baseUrl, allowPrivateNetwork) ??
    providerDefinitions[protocol].findUrlFault(baseUrl);
  if (fault !== null) throw new ValidationFault([{ path: 'baseUrl', message: fault }]);
}
