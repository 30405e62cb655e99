import { describe, expect, it } from 'vitest';
import { describeProgress, percentDone } from './describeProgress.js';

const progress = {
  state: 'downloading',
  totalBytes: 4_900_000_000,
  doneBytes: 1_200_000_000,
  bytesPerSecond: 41_000_000,
  fileCount: 3,
  filesDone: 2,
};

describe('describeProgress', () => {
  it('tells bytes, files, rate and what is left', () => {
    expect(describeProgress(progress)).toBe(
      '1.2 GB of 4.9 GB · 2 of 3 files · 41 MB/s · 1 min 31 s left',
    );
  });

  it('tells only what is known', () => {
    expect(describeProgress({ ...progress, bytesPerSecond: null, fileCount: 1 })).toBe(
      '1.2 GB of 4.9 GB',
    );
    expect(describeProgress({ ...progress, totalBytes: null })).toBe('');
    expect(describeProgress({ ...progress, state: 'done' })).toBe('4.9 GB · 3 files');
  });
});

describe('percentDone', () => {
  it('is a hundred only when everything is there', () => {
    expect(percentDone(progress)).toBe(24);
    expect(percentDone({ ...progress, doneBytes: progress.totalBytes - 1 })).toBe(99);
    expect(percentDone({ ...progress, doneBytes: progress.totalBytes })).toBe(100);
    expect(percentDone({ ...progress, totalBytes: 0, doneBytes: 0 })).toBe(100);
    expect(percentDone({ ...progress, totalBytes: null })).toBeNull();
  });
});
