import { Inject, Injectable, Optional, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Repository } from 'typeorm';
import type { KeyPrincipal } from '../access/principal.js';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { orNotFound } from '../common/not-found.js';
import { SpendReader } from './spend-reader.js';
import type { CreateVirtualKeyDto, UpdateVirtualKeyDto } from './virtual-key.dto.js';
import { VirtualKey } from './virtual-key.entity.js';

const keyPrefix = 'sk-sw-';
const shownChars = 12;
/** When a key was last used is kept this coarsely, so that using it costs no write. */
const touchEveryMs = 30_000;

interface KnownKey {
  readonly digest: Buffer;
  readonly principal: KeyPrincipal;
  /** Why the key may not be used, or null. */
  readonly refusal: 'disabled' | 'revoked' | null;
  lastUsedAt: number;
}

/** Virtual keys: made, changed, revoked, and recognised on every request without touching the database. */
@Injectable()
export class KeysService implements OnModuleInit, OnModuleDestroy {
  private readonly known = new Map<string, KnownKey>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @InjectRepository(VirtualKey) private readonly keys: Repository<VirtualKey>,
    private readonly changes: ConfigurationChanges,
    @Optional() @Inject(SpendReader) private readonly spend: SpendReader | null = null,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const key of await this.keys.find()) this.remember(key);
    this.timer = setInterval(() => void this.writeLastUsed(), touchEveryMs);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.writeLastUsed();
  }

  /**
   * Whose key is this? Looked up by its whole digest, so that no two keys can be taken for each other.
   * @throws GatewayError `authentication_failed`, `key_disabled` or `key_expired`
   */
  authenticate(secret: string): KeyPrincipal {
    const digest = createHash('sha256').update(secret).digest();
    const known = this.known.get(digest.toString('hex'));
    if (known === undefined || !timingSafeEqual(known.digest, digest)) {
      throw new GatewayError('authentication_failed', 'The key is not valid. Keys of this gateway begin with `sk-sw-` and are made in the panel.');
    }
    if (known.refusal !== null) throw new GatewayError('key_disabled', `The key "${known.principal.name}" is ${known.refusal}. Ask an administrator for another one.`);
    const now = Date.now();
    const { expiresAt, name } = known.principal;
    if (expiresAt !== null && expiresAt <= now) throw new GatewayError('key_expired', `The key "${name}" has expired. Ask an administrator for another one.`);
    known.lastUsedAt = now;
    return known.principal;
  }

  async create(fields: CreateVirtualKeyDto): Promise<{ key: VirtualKey; secret: string }> {
    const secret = keyPrefix + randomBytes(32).toString('base64url');
    const key: VirtualKey = {
      id: randomUUID(),
      name: fields.name,
      prefix: secret.slice(0, shownChars),
      hash: createHash('sha256').update(secret).digest('hex'),
      isEnabled: fields.isEnabled ?? true,
      isPrivate: fields.isPrivate ?? false,
      allowedRoutes: fields.allowedRoutes ?? null,
      requestsPerMinute: fields.requestsPerMinute ?? null,
      maxConcurrent: fields.maxConcurrent ?? null,
      budgetNanos: fields.budgetNanos ?? null,
      budgetWindow: fields.budgetWindow ?? 'total',
      expiresAt: fields.expiresAt ?? null,
      lastUsedAt: null,
      createdAt: Date.now(),
      revokedAt: null,
    };
    await this.keys.insert(key);
    this.remember(key);
    return { key, secret };
  }

  async update(id: string, fields: UpdateVirtualKeyDto): Promise<VirtualKey> {
    const key = await this.get(id);
    const changed = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    if (Object.keys(changed).length > 0) await this.keys.update({ id: key.id }, changed);
    return this.refresh(key.id);
  }

  /** Takes effect with the next request; the row stays, so that the log can name it. */
  async revoke(id: string): Promise<VirtualKey> {
    const key = await this.get(id);
    await this.keys.update({ id: key.id }, { revokedAt: Date.now(), isEnabled: false });
    return this.refresh(key.id);
  }

  count(): Promise<number> {
    return this.keys.count();
  }

  async get(id: string): Promise<VirtualKey> {
    return orNotFound(await this.keys.findOneBy({ id }), 'key');
  }

  spentBy(id: string): { readonly spentNanos: number; readonly heldNanos: number } {
    return this.spend?.read(id) ?? { spentNanos: 0, heldNanos: 0 };
  }

  lastUse(key: VirtualKey): number | null {
    const at = this.known.get(key.hash)?.lastUsedAt ?? 0;
    return at === 0 ? key.lastUsedAt : at;
  }

  private async refresh(id: string): Promise<VirtualKey> {
    const key = await this.get(id);
    this.remember(key);
    return key;
  }

  private remember(key: VirtualKey): void {
    const { id, name, isPrivate, allowedRoutes, requestsPerMinute, maxConcurrent, budgetNanos, budgetWindow, expiresAt } = key;
    const refusal = key.revokedAt !== null ? 'revoked' : key.isEnabled ? null : 'disabled';
    this.known.set(key.hash, {
      digest: Buffer.from(key.hash, 'hex'),
      refusal,
      lastUsedAt: key.lastUsedAt ?? 0,
      principal: Object.freeze({
        id, name, isPrivate, requestsPerMinute, maxConcurrent, budgetNanos, budgetWindow, expiresAt,
        allowedRoutes: allowedRoutes === null ? null : new Set(allowedRoutes),
      }),
    });
    this.changes.notify('keys');
  }

  private async writeLastUsed(): Promise<void> {
    const since = Date.now() - 2 * touchEveryMs;
    for (const { principal, lastUsedAt } of this.known.values()) {
      if (lastUsedAt > since) await this.keys.update({ id: principal.id }, { lastUsedAt });
    }
  }
}
