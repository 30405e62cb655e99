/** Cuts a text, that comes in pieces, at the first stop string; holds back what may be the beginning of one. */
export class StopFilter {
  private pending = '';
  isStopped = false;

  constructor(private readonly stops: readonly string[]) {}

  push(text: string): string {
    if (this.isStopped) return '';
    if (this.stops.length === 0) return text;
    this.pending += text;
    const positions = this.stops
      .map((stop) => this.pending.indexOf(stop))
      .filter((at) => at !== -1);
    if (positions.length > 0) {
      this.isStopped = true;
      return this.pending.slice(0, Math.min(...positions));
    }
    const safe = this.pending.length - this.heldBack();
    const output = this.pending.slice(0, safe);
    this.pending = this.pending.slice(safe);
    return output;
  }

  end(): string {
    const rest = this.isStopped ? '' : this.pending;
    this.pending = '';
    return rest;
  }

  private heldBack(): number {
    let longest = 0;
    for (const stop of this.stops) {
      for (
        let length = Math.min(stop.length - 1, this.pending.length);
        length > longest;
        length -= 1
      ) {
        if (stop.startsWith(this.pending.slice(-length))) longest = length;
      }
    }
    return longest;
  }
}
