import { createSseReader } from '../../shared/stream/sse-text.js';

/** Rewrites an event stream, in whatever pieces, into the JSON array that `alt=sse` is the alternative to. */
export interface ArrayFraming {
  push(text: string): string;
  /** The stream closed: what closes the array. */
  end(): string;
}

/** Comments and empty frames, which keep a silent stream alive, become white space. */
export function createArrayFraming(): ArrayFraming {
  const reader = createSseReader();
  let isOpen = false;
  const frame = (elements: readonly { readonly data: string }[]): string =>
    elements
      .map(({ data }) => {
        const lead = isOpen ? ',\r\n' : '[';
        isOpen = true;
        return lead + data;
      })
      .join('');
  return {
    push: (text) => {
      const elements = frame(reader.push(text));
      return elements === '' && /^(?::|\s+$)/.test(text) ? '\n' : elements;
    },
    end: () => {
      const rest = frame(reader.end());
      return `${rest}${isOpen ? '' : '['}]`;
    },
  };
}
