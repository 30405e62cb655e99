import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { MasterKey } from './master-key.entity.js';
import { readSecretFile } from './secret-file.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';
const masterKeyVersion = 1;

/**
 * Seals secrets at rest. Each has a data key of its own, wrapped by the master key (which lies in a file beside the
 * database, readable by its owner only, and never in it), and is bound to the row it belongs to: moved to another
 * row it does not open.
 *
 * The database holds a check value of the master key. Without the key that fits it the box is locked: it makes no
 * new key and seals nothing, because that would be lost once the right key is back.
 */
@Injectable()
export class SecretBox implements OnModuleInit {
  private readonly logger = new Logger(SecretBox.name);
  private readonly keyFile: string;
  private masterKey: Buffer | null = null;

  constructor(
    config: AppConfig,
    @InjectRepository(MasterKey) private readonly keys: Repository<MasterKey>,
  ) {
    this.keyFile = join(config.dataDir, 'master.key');
  }

  /** @throws Error when the key file can be read by others or holds no key: the gateway must not start. */
  async onModuleInit(): Promise<void> {
    const known = await this.keys.findOneBy({ version: masterKeyVersion });
    if (known !== null && !existsSync(this.keyFile)) return this.stayLocked('is missing');
    const key = readSecretFile(this.keyFile);
    const checkValue = checkValueOf(key);
    if (known !== null && known.checkValue !== checkValue)
      return this.stayLocked('is not the key they were sealed with');
    if (known === null)
      await this.keys.insert({ version: masterKeyVersion, checkValue, createdAt: Date.now() });
    this.masterKey = key;
  }

  /** @throws GatewayError `secrets_locked` while the right master key is not there */
  assertUnlocked(): void {
    this.unlockedKey();
  }

  /**
   * @param place names the row and column, e.g. `providers/<id>/credential`.
   * @throws GatewayError `secrets_locked`
   */
  seal(secret: string, place: string): string {
    const masterKey = this.unlockedKey();
    const dataKey = randomBytes(32);
    const wrapped = encrypt(masterKey, dataKey, place);
    const sealed = encrypt(dataKey, Buffer.from(secret, 'utf8'), place);
    return [version, wrapped.toString('base64'), sealed.toString('base64')].join('.');
  }

  /** @throws GatewayError `secrets_locked`, also when the text was sealed for another place or was changed. */
  open(sealed: string, place: string): string {
    const masterKey = this.unlockedKey();
    try {
      const [sealedVersion, wrapped = '', content = ''] = sealed.split('.');
      if (sealedVersion !== version) throw new Error('unknown version');
      const dataKey = decrypt(masterKey, Buffer.from(wrapped, 'base64'), place);
      return decrypt(dataKey, Buffer.from(content, 'base64'), place).toString('utf8');
    } catch (error) {
      throw new GatewayError(
        'secrets_locked',
        'The stored credential cannot be opened: it was changed or belongs to another entry. Enter the credential anew.',
        { cause: error },
      );
    }
  }

  private unlockedKey(): Buffer {
    if (this.masterKey !== null) return this.masterKey;
    throw new GatewayError(
      'secrets_locked',
      'The stored credentials are locked: master.key in the data directory is missing or not the right one. Put the right file back and restart the gateway.',
    );
  }

  private stayLocked(fault: string): void {
    this.logger.warn(
      `The stored credentials stay locked: ${this.keyFile} ${fault}. Put the right file back and restart. Until then providers with a credential cannot be used; local models can.`,
    );
  }
}

/** Tells keys apart and tells nothing of them: the key is 256 random bits. */
function checkValueOf(masterKey: Buffer): string {
  return createHmac('sha256', masterKey).update('spillway master key check').digest('hex');
}

function encrypt(key: Buffer, content: Buffer, place: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce);
  cipher.setAAD(Buffer.from(place, 'utf8'));
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, place: string): Buffer {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(place, 'utf8'));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}
