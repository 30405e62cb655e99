import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { SlotSet, type Slotted } from '../common/slot-set.js';

/** How long an interrupted answer may take to say so. */
const interruptedMs = 2_000;

interface Interruptible extends Slotted {
  interrupt(): void;
}

/** Whether the gateway takes new requests, and how many it still works on. */
@Injectable()
export class DrainState {
  private isDraining = false;
  private readonly running = new SlotSet<Interruptible>();
  private readonly onIdle = new Set<() => void>();

  get isOpen(): boolean {
    return !this.isDraining;
  }

  get inFlight(): number {
    return this.running.size;
  }

  /** @throws GatewayError `shutting_down` */
  assertOpen(): void {
    if (this.isDraining)
      throw new GatewayError(
        'shutting_down',
        'The gateway is stopping and takes no new requests. Try again in a moment.',
        { retryAfterMs: 5_000 },
      );
  }

  enter(reply: Interruptible): void {
    this.running.add(reply);
  }

  leave(reply: Interruptible): void {
    this.running.delete(reply);
    if (this.running.size > 0) return;
    for (const listener of this.onIdle) listener();
    this.onIdle.clear();
  }

  /** Refuses new work from now on, lets what runs finish within the limit and interrupts the rest. */
  async drain(limitMs: number): Promise<void> {
    this.isDraining = true;
    await this.idle(limitMs);
    for (const reply of this.running.values()) reply.interrupt();
    await this.idle(interruptedMs);
  }

  private idle(limitMs: number): Promise<void> {
    if (this.running.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.onIdle.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
