/** Talks to Spillway's management API the way the panel does. */
export class ManagementClient {
  /** @param {number} port */
  constructor(port) {
    this.origin = `http://127.0.0.1:${port}`;
    this.session = '';
  }

  /** @param {string} path @param {object} body */
  async create(path, body) {
    const answer = await fetch(`${this.origin}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.authorization() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return this.read(answer, `POST ${path}`);
  }

  /** @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<{ value: any, total: number }>} */
  async fetch(path, query = {}) {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    const answer = await fetch(`${this.origin}/api${path}?${parameters}`, {
      headers: this.authorization(),
      signal: AbortSignal.timeout(10_000),
    });
    const total = Number(answer.headers.get('content-range')?.split('/')[1] ?? 0);
    return { value: await this.read(answer, `GET ${path}`), total };
  }

  /** @param {Response} answer @param {string} call @returns {Promise<any>} */
  async read(answer, call) {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${call} answered ${answer.status}: ${text.slice(0, 500)}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  authorization() {
    return this.session === '' ? {} : { authorization: `Bearer ${this.session}` };
  }
}
