/** `42 %` of 0.42, `<1 %` of anything smaller that is not nothing; null (unknown) is a dash. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  const percent = Math.round(share * 100);
  return percent === 0 && share > 0 ? '<1 %' : `${percent} %`;
}
