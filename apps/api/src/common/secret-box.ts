import { Injectable, type OnModuleInit } from '@nestjs/common';
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

/** Why what was sealed may not open: the key file is not there, or holds a key that nothing was sealed with yet. */
export type MasterKeyFault = 'missing' | 'unknown';

/**
 * Seals secrets at rest. Each has a data key of its own, wrapped by the master key (which lies in a file beside the
 * database, readable by its owner only, and never in it), and is bound to the row it belongs to: moved to another
 * row it does not open.
 *
 * The database holds a check value of every master key that was in use. A start without the right key file changes
 * nothing, so that putting the file back heals everything. Only when a secret is given anew is the key that lies there
 * taken into use, or one made where none is; a key file is never overwritten.
 */
@Injectable()
export class SecretBox implements OnModuleInit {
  private readonly keyFile: string;
  private masterKey: Buffer | null = null;
  private foundFault: MasterKeyFault | null = null;
  private adoption: Promise<Buffer> | null = null;

  constructor(
    config: AppConfig,
    @InjectRepository(MasterKey) private readonly keys: Repository<MasterKey>,
  ) {
    this.keyFile = join(config.dataDir, 'master.key');
  }

  /** What is wrong with the key file; null when it holds a key that was used before. */
  get fault(): MasterKeyFault | null {
    return this.foundFault;
  }

  /** @throws Error when the key file can be read by others or holds no key: the gateway must not start. */
  async onModuleInit(): Promise<void> {
    const known = await this.keys.find();
    if (known.length > 0 && !existsSync(this.keyFile)) {
      this.foundFault = 'missing';
      return;
    }
    this.masterKey = readSecretFile(this.keyFile);
    const checkValue = checkValueOf(this.masterKey);
    if (known.some((row) => row.checkValue === checkValue)) return;
    this.foundFault = 'unknown';
    if (known.length === 0) await this.adoptKey();
  }

  /**
   * @param place names the row and column, e.g. `providers/<id>/credential`.
   * @throws GatewayError `secrets_locked` when there is no key file that may be used and none can be made.
   */
  async seal(secret: string, place: string): Promise<string> {
    const masterKey = await this.adoptKey();
    const dataKey = randomBytes(32);
    const wrapped = encrypt(masterKey, dataKey, place);
    const sealed = encrypt(dataKey, Buffer.from(secret, 'utf8'), place);
    return [version, wrapped.toString('base64'), sealed.toString('base64')].join('.');
  }

  /** Null when it does not open: sealed under another master key or for another place, or changed since. */
  open(sealed: string, place: string): string | null {
    if (this.masterKey === null) return null;
    try {
      const [sealedVersion, wrapped = '', content = ''] = sealed.split('.');
      if (sealedVersion !== version) return null;
      const dataKey = decrypt(this.masterKey, Buffer.from(wrapped, 'base64'), place);
      return decrypt(dataKey, Buffer.from(content, 'base64'), place).toString('utf8');
    } catch {
      return null;
    }
  }

  /** The key of the file, made if need be and known to the database before anything is sealed with it. */
  private adoptKey(): Promise<Buffer> {
    if (this.masterKey !== null && this.foundFault === null) return Promise.resolve(this.masterKey);
    this.adoption ??= this.takeKeyIntoUse().finally(() => (this.adoption = null));
    return this.adoption;
  }

  private async takeKeyIntoUse(): Promise<Buffer> {
    const key = this.masterKey ?? this.readKeyFile();
    const checkValue = checkValueOf(key);
    const known = await this.keys.find();
    if (!known.some((row) => row.checkValue === checkValue)) {
      const newest = Math.max(0, ...known.map((row) => row.version));
      await this.keys.insert({ version: newest + 1, checkValue, createdAt: Date.now() });
    }
    this.masterKey = key;
    this.foundFault = null;
    return key;
  }

  private readKeyFile(): Buffer {
    try {
      return readSecretFile(this.keyFile);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new GatewayError('secrets_locked', `The credential cannot be stored. ${reason}`, {
        cause: error,
      });
    }
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
