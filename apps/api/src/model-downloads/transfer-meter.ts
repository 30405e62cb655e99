const windowMs = 5_000;

/** How fast bytes have come within the last five seconds. Times are monotonic milliseconds. */
export class TransferMeter {
  /** Sums of half seconds, oldest first. */
  private readonly samples: { readonly at: number; bytes: number }[] = [];
  private startedAt: number | null = null;

  note(bytes: number, now: number): void {
    this.startedAt ??= now;
    const last = this.samples.at(-1);
    if (last !== undefined && now - last.at < 500) last.bytes += bytes;
    else this.samples.push({ at: now, bytes });
    this.forget(now);
  }

  /** Null while nothing has come for so long that there is nothing to tell. */
  bytesPerSecond(now: number): number | null {
    this.forget(now);
    if (this.samples.length === 0 || this.startedAt === null) return null;
    const spanMs = Math.min(windowMs, Math.max(now - this.startedAt, 500));
    const sum = this.samples.reduce((total, { bytes }) => total + bytes, 0);
    return Math.round((sum * 1000) / spanMs);
  }

  private forget(now: number): void {
    while ((this.samples[0]?.at ?? now) < now - windowMs) this.samples.shift();
    if (this.samples.length === 0) this.startedAt = null;
  }
}
