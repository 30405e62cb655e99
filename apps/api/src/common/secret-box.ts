import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppConfig } from '../config/app-config.js';
import { readSecretFile } from './secret-file.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';

/**
 * Seals secrets at rest. Each has a data key of its own, wrapped by the master key (which lies in a file beside the
 * database, readable by its owner only, and never in it), and is bound to the row it belongs to: moved to another
 * row it does not open.
 */
@Injectable()
export class SecretBox {
  private readonly masterKey: Buffer;

  constructor(config: AppConfig) {
    this.masterKey = readSecretFile(join(config.dataDir, 'master.key'));
  }

  /** @param place names the row and column, e.g. `providers/<id>/credential`. */
  seal(secret: string, place: string): string {
    const dataKey = randomBytes(32);
    const wrapped = encrypt(this.masterKey, dataKey, place);
    const sealed = encrypt(dataKey, Buffer.from(secret, 'utf8'), place);
    return [version, wrapped.toString('base64'), sealed.toString('base64')].join('.');
  }

  /** @throws GatewayError `secrets_locked` when the key is not the one it was sealed with. */
  open(sealed: string, place: string): string {
    try {
      const [sealedVersion, wrapped = '', content = ''] = sealed.split('.');
      if (sealedVersion !== version) throw new Error('unknown version');
      const dataKey = decrypt(this.masterKey, Buffer.from(wrapped, 'base64'), place);
      return decrypt(dataKey, Buffer.from(content, 'base64'), place).toString('utf8');
    } catch (error) {
      throw new GatewayError('secrets_locked', 'The stored credential cannot be opened with the present master key. Restore master.key in the data directory, or enter the credential anew.', { cause: error });
    }
  }
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
