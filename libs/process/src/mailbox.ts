/**
 * Takes one message at a time: what a message causes is looked at after it, never in the middle of it. That is what
 * makes one writer of each state.
 */
export class Mailbox<Message> {
  readonly #waiting: Message[] = [];
  #isBusy = false;

  constructor(private readonly take: (message: Message) => void) {}

  post(message: Message): void {
    this.#waiting.push(message);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.take(next);
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
