/**
 * Is the text one that the pattern describes? `*` is any text, also over folders, as the hub's own tools have it; `?` is
 * one character. Takes at most (length of the text) × (length of the pattern) steps, whatever they are.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  /** Behind the last star, and how far the text that it stands for reaches. */
  let afterStar = -1;
  let starEnd = 0;
  while (at < text.length) {
    if (pattern[wanted] === '*') {
      afterStar = wanted += 1;
      starEnd = at;
    } else if (pattern[wanted] === '?' || pattern[wanted] === text[at]) {
      at += 1;
      wanted += 1;
    } else if (afterStar !== -1) {
      at = starEnd += 1;
      wanted = afterStar;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(wanted));
}
