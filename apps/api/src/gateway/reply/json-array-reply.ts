import { createArrayFraming } from '#translation';
import { ClientReply } from './client-reply.js';

/** A stream to a Gemini caller who did not ask for server-sent events: the same objects, as one JSON array. */
export class JsonArrayReply extends ClientReply {
  override readonly streamType = 'application/json; charset=utf-8';
  private readonly framing = createArrayFraming();
  private isStream = false;

  override commit(status: number, headers: readonly string[]): void {
    // an error before the first byte is no stream
    this.isStream = status === 200;
    super.commit(status, headers);
  }

  override write(output: Buffer | string): boolean {
    const framed = this.framed(output);
    return framed.length === 0 || super.write(framed);
  }

  override end(output?: Buffer | string): void {
    if (!this.isStream) return super.end(output);
    const rest = output === undefined ? [] : [this.framed(output)];
    super.end(Buffer.concat([...rest, Buffer.from(this.framing.end(), 'latin1')]));
  }

  /** Bytes as Latin-1, so that characters cut in two come out whole again. */
  private framed(output: Buffer | string): Buffer {
    const bytes = typeof output === 'string' ? Buffer.from(output) : output;
    return Buffer.from(this.framing.push(bytes.toString('latin1')), 'latin1');
  }
}
