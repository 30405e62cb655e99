import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { IsNull, type Repository } from 'typeorm';
import type { KeyPrincipal } from '../access/principal.js';
import { ConfigurationChanges } from '../common/configuration-changes.js';
import { orNotFound } from '../common/management/not-found.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import type { CreateVirtualKeyDto, UpdateVirtualKeyDto } from './virtual-key.dto.js';
import { VirtualKey } from './virtual-key.entity.js';

const keyPrefix = 'sk-sw-';
const shownChars = 12;
/** When a key was last used is kept this coarsely, so that using it costs no write. */
const touchEveryMs = 30_000;
/** Takes a JSON object of times by key. */
const writeUses =
  'UPDATE virtual_keys SET last_used_at = uses.value FROM json_each(?) AS uses WHERE virtual_keys.id = uses.key';

interface KnownKey {
  readonly digest: Buffer;
  readonly principal: KeyPrincipal;
  /** Why the key may not be used, or null. */
  readonly refusal: 'disabled' | 'revoked' | null;
  lastUsedAt: number;
  /** The last use that the database knows of. */
  writtenUseAt: number;
}

/** Virtual keys: made, changed, revoked, and recognised on every request without touching the database. */
@Injectable()
export class KeysService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(KeysService.name);
  private readonly known = new Map<string, KnownKey>();
  /** Where the digest in question is laid out for the comparison; used within one call, so one is enough. */
  private readonly presented = Buffer.alloc(32);
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @InjectRepository(VirtualKey) private readonly keys: Repository<VirtualKey>,
    private readonly changes: ConfigurationChanges,
    private readonly writer: SqliteWriter,
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
    const digest = hash('sha256', secret, 'hex');
    const known = this.known.get(digest);
    this.presented.write(digest, 'hex');
    if (known === undefined || !timingSafeEqual(known.digest, this.presented)) {
      throw new GatewayError(
        'authentication_failed',
        'The key is not valid. Keys of this gateway begin with `sk-sw-` and are made in the panel.',
      );
    }
    if (known.refusal !== null)
      throw new GatewayError(
        'key_disabled',
        `The key "${known.principal.name}" is ${known.refusal}. Ask an administrator for another one.`,
      );
    const now = Date.now();
    const { expiresAt, name } = known.principal;
    if (expiresAt !== null && expiresAt <= now)
      throw new GatewayError(
        'key_expired',
        `The key "${name}" has expired. Ask an administrator for another one.`,
      );
    known.lastUsedAt = now;
    return known.principal;
  }

  async create(fields: CreateVirtualKeyDto): Promise<{ key: VirtualKey; secret: string }> {
    const secret = keyPrefix + randomBytes(32).toString('base64url');
    const key: VirtualKey = {
      id: randomUUID(),
      name: fields.name,
      prefix: secret.slice(0, shownChars),
      hash: hash('sha256', secret, 'hex'),
      isEnabled: fields.isEnabled ?? true,
      isPrivate: fields.isPrivate ?? false,
      lossMode: fields.lossMode ?? null,
      mayFetchUrls: fields.mayFetchUrls ?? false,
      allowedRoutes: fields.allowedRoutes ?? null,
      requestsPerMinute: fields.requestsPerMinute ?? null,
      maxConcurrent: fields.maxConcurrent ?? null,
      budgetNanos: fields.budgetNanos ?? null,
      budgetWindow: fields.budgetWindow ?? 'total',
      fallbackBudgetNanos: fields.fallbackBudgetNanos ?? null,
      fallbackBudgetWindow: fields.fallbackBudgetWindow ?? 'month',
      expiresAt: fields.expiresAt ?? null,
      lastUsedAt: null,
      createdAt: Date.now(),
      revokedAt: null,
    };
    await this.keys.insert(key);
    this.remember(key);
    await this.changes.notify('keys');
    return { key, secret };
  }

  async update(id: string, fields: UpdateVirtualKeyDto): Promise<VirtualKey> {
    const key = await this.get(id);
    const changed = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(changed).length > 0) await this.keys.update({ id: key.id }, changed);
    return this.refresh(key.id);
  }

  /** Takes effect with the next request; the row stays, so that the log can name it. */
  async revoke(id: string): Promise<VirtualKey> {
    const key = await this.get(id);
    // only once, so that the log goes on saying when it was
    await this.keys.update(
      { id: key.id, revokedAt: IsNull() },
      { revokedAt: Date.now(), isEnabled: false },
    );
    return this.refresh(key.id);
  }

  count(): Promise<number> {
    return this.keys.count();
  }

  async get(id: string): Promise<VirtualKey> {
    return orNotFound(await this.keys.findOneBy({ id }), 'key');
  }

  lastUse(key: VirtualKey): number | null {
    const at = this.known.get(key.hash)?.lastUsedAt ?? 0;
    return at === 0 ? key.lastUsedAt : at;
  }

  /** One write for all keys, and none when none was used. A failure costs no request: the next turn writes it all. */
  async writeLastUsed(): Promise<void> {
    const used = [...this.known.values()].filter(
      ({ lastUsedAt, writtenUseAt }) => lastUsedAt > writtenUseAt,
    );
    if (used.length === 0) return;
    const times = Object.fromEntries(
      used.map(({ principal, lastUsedAt }) => [principal.id, lastUsedAt]),
    );
    try {
      await this.writer.run((handle) => handle.run(writeUses, [JSON.stringify(times)]));
      for (const key of used) key.writtenUseAt = times[key.principal.id] ?? key.writtenUseAt;
    } catch (error) {
      this.logger.error(`when keys were last used could not be written: ${String(error)}`);
    }
  }

  private async refresh(id: string): Promise<VirtualKey> {
    const key = await this.get(id);
    this.remember(key);
    await this.changes.notify('keys');
    return key;
  }

  private remember(key: VirtualKey): void {
    const {
      id,
      name,
      isPrivate,
      lossMode,
      mayFetchUrls,
      allowedRoutes,
      requestsPerMinute,
      maxConcurrent,
      budgetNanos,
      budgetWindow,
      fallbackBudgetNanos,
      fallbackBudgetWindow,
      expiresAt,
    } = key;
    const refusal = key.revokedAt !== null ? 'revoked' : key.isEnabled ? null : 'disabled';
    this.known.set(key.hash, {
      digest: Buffer.from(key.hash, 'hex'),
      refusal,
      // uses that are not written yet must not be forgotten by an edit
      lastUsedAt: Math.max(key.lastUsedAt ?? 0, this.known.get(key.hash)?.lastUsedAt ?? 0),
      writtenUseAt: key.lastUsedAt ?? 0,
      principal: Object.freeze({
        id,
        name,
        isPrivate,
        lossMode,
        mayFetchUrls,
        requestsPerMinute,
        maxConcurrent,
        budgetNanos,
        budgetWindow,
        fallbackBudgetNanos,
        fallbackBudgetWindow,
        expiresAt,
        allowedRoutes: allowedRoutes === null ? null : new Set(allowedRoutes),
      }),
    });
  }
}
