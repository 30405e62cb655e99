/** Just below the largest block for which glibc changes its mind. */
const blockBytes = 31 * 1024 * 1024;

let isKept = false;

/**
 * Has the C library keep what is freed for the next large body. To be called when one comes; only the first call counts.
 *
 * A body arrives in pieces of 64 KB. When they are freed, glibc gives them back to the system from 128 KB on, and has them
 * mapped anew, page by page, for the next ones: half of what a body of 20 MB cost. Once a large block has been freed it keeps
 * twice as much (`M_MMAP_THRESHOLD` in mallopt(3)). This one is never touched, so it takes no memory, and the next collection
 * frees it. Elsewhere than on glibc it does nothing.
 *
 * A call, not `new ArrayBuffer`: bundlers know that one to have no effect, and leave it out.
 */
export function keepFreedMemory(): void {
  if (isKept) return;
  isKept = true;
  Buffer.allocUnsafeSlow(blockBytes);
}
