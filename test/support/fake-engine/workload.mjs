/**
 * What an engine works on at the moment. Most drop an answer when its client leaves; one that `goesOn` does not notice.
 * The journal gets `work <how many at once>`, `left <epoch ms>` when a client leaves during it, and `worked` or `dropped`.
 */
export function createWorkload({ workMs, goesOn, note }) {
  let running = 0;
  return {
    get running() {
      return running;
    },
    /** Calls `answer` when the work is done, if anybody is left to hear it. */
    start(response, answer) {
      running += 1;
      note(`work ${running}`);
      let hasLeft = false;
      let isOver = false;
      const end = (word) => {
        isOver = true;
        running -= 1;
        note(word);
      };
      const timer = setTimeout(() => {
        end('worked');
        if (!hasLeft) answer();
      }, workMs);
      response.once('close', () => {
        if (isOver) return;
        hasLeft = true;
        note(`left ${Date.now()}`);
        if (goesOn) return;
        clearTimeout(timer);
        end('dropped');
      });
    },
  };
}
