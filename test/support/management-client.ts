import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  KeyFields,
  LocalModelFields,
  ProviderFields,
  RouteFields,
} from './management-client/row-fields.js';

/** The admin every test gateway has. */
export const testAdmin = { username: 'tester', password: 'correct horse battery' } as const;

export interface ManagementAnswer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ManagementError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly { readonly path: string; readonly message: string }[];
  };
}

export interface WithId {
  readonly id: string;
}

export interface LocalModel extends WithId {
  readonly name: string;
  readonly engine: string;
  readonly state: string;
  readonly stateReason: string | null;
}

export interface ModelRoute extends WithId, RouteFields {
  readonly fallbackSpentNanos: number;
  readonly fallbackHeldNanos: number;
}

export interface VirtualKey extends WithId {
  readonly prefix: string;
  readonly spentNanos: number;
  readonly heldNanos: number;
  readonly fallbackSpentNanos: number;
  readonly fallbackHeldNanos: number;
  readonly revokedAt: number | null;
}

export interface Instance extends WithId {
  readonly localModelId: string;
  readonly state: string;
  readonly pid: number | null;
  readonly leases: number;
  readonly abandoned: number;
  readonly requestsServed: number;
}

interface Measured {
  readonly outcome: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly costNanos: number | null;
  readonly costStatus: 'exact' | 'estimated' | 'unknown' | 'free';
}

interface LoggedWarning {
  readonly code: string;
  readonly path: string;
}

export interface AttemptRow extends Measured {
  readonly totalMs: number | null;
  readonly id: string;
  readonly position: number;
  readonly kind: 'local' | 'provider';
  readonly label: string;
  readonly upstreamModel: string;
  readonly state: 'dispatched' | 'settled' | 'voided' | 'expired';
  readonly httpStatus: number | null;
  readonly reasonCode: string | null;
  readonly reservedNanos: number | null;
  readonly warnings: readonly LoggedWarning[];
}

export interface RequestRow extends Measured {
  readonly id: string;
  readonly protocol: string;
  readonly keyId: string | null;
  readonly requestedModel: string | null;
  readonly routeName: string | null;
  readonly status: number | null;
  readonly isStream: boolean;
  readonly servedKind: 'local' | 'provider' | null;
  readonly servedBy: string | null;
  readonly attemptCount: number;
  readonly fallbackReason: string | null;
  readonly localState: string | null;
  readonly warnings: readonly LoggedWarning[];
}

export interface RequestWithAttempts extends RequestRow {
  readonly attempts: readonly AttemptRow[];
}

interface ListQuery {
  readonly filter?: object;
  readonly range?: readonly [first: number, last: number];
  readonly sort?: readonly [field: string, order: 'ASC' | 'DESC'];
}

/** How long a finished request may take to appear in the log. */
const logDelayMs = 5_000;

/** Drives the management API as the panel does. Calls fail with the API's own message unless it answers 2xx. */
export class ManagementClient {
  private constructor(
    readonly origin: string,
    readonly token: string,
  ) {}

  /** Creates the first admin with the one-time token of the data folder, or signs in when there is one already. */
  static async signIn(gateway: { origin: string; dataDir: string }): Promise<ManagementClient> {
    const { origin, dataDir } = gateway;
    const anonymous = new ManagementClient(origin, '');
    const { needsSetup } = await anonymous.call<{ needsSetup: boolean }>('GET', '/auth/state');
    const { token } = needsSetup
      ? await anonymous.call<{ token: string }>('POST', '/auth/setup', {
          ...testAdmin,
          token: await readSetupToken(dataDir),
        })
      : await anonymous.call<{ token: string }>('POST', '/auth/login', testAdmin);
    return new ManagementClient(origin, token);
  }

  createProvider(fields: ProviderFields): Promise<WithId & ProviderFields> {
    return this.call('POST', '/providers', { allowPrivateNetwork: true, ...fields });
  }

  createLocalModel(fields: LocalModelFields): Promise<LocalModel> {
    return this.call('POST', '/local-models', fields);
  }

  createRoute(fields: RouteFields): Promise<ModelRoute> {
    return this.call('POST', '/model-routes', { cloud: 'allow', ...fields });
  }

  createKey(fields: KeyFields): Promise<VirtualKey & { readonly secret: string }> {
    return this.call('POST', '/virtual-keys', fields);
  }

  get<Row>(path: string): Promise<Row> {
    return this.call('GET', path);
  }

  list<Row>(resource: string, query: ListQuery = {}): Promise<Row[]> {
    const pairs = Object.entries(query).map(
      ([name, value]) => `${name}=${encodeURIComponent(JSON.stringify(value))}`,
    );
    return this.call('GET', `/${resource}?${pairs.join('&')}`);
  }

  update<Row>(resource: string, id: string, fields: object): Promise<Row> {
    return this.call('PUT', `/${resource}/${id}`, fields);
  }

  remove(resource: string, id: string): Promise<unknown> {
    return this.call('DELETE', `/${resource}/${id}`);
  }

  /** The row of a request once it is written whole. @throws Error when it does not come. */
  async requestLog(id: string): Promise<RequestWithAttempts> {
    const deadline = Date.now() + logDelayMs;
    for (;;) {
      const { status, body } = await this.send<RequestWithAttempts>('GET', `/request-logs/${id}`);
      if (status === 200 && body.outcome !== 'running') return body;
      if (Date.now() > deadline) {
        throw new Error(`request ${id} is not in the log (${status}): ${JSON.stringify(body)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** The newest finished request that was sent to the route, with its attempts. @throws Error when none comes. */
  async newestLog(routeName: string): Promise<RequestWithAttempts> {
    const query = { filter: { routeName }, sort: ['createdAt', 'DESC'], range: [0, 0] } as const;
    const deadline = Date.now() + logDelayMs;
    for (;;) {
      const [row] = await this.list<RequestRow>('request-logs', query);
      if (row !== undefined && row.outcome !== 'running') return this.requestLog(row.id);
      if (Date.now() > deadline) throw new Error(`no finished request of ${routeName} in the log`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Every row of the log, oldest first, with attempts. */
  async allLogs(): Promise<RequestWithAttempts[]> {
    const rows: RequestWithAttempts[] = [];
    for (let first = 0; ; first += 100) {
      const query = { sort: ['createdAt', 'ASC'], range: [first, first + 99] } as const;
      const page = await this.list<RequestRow>('request-logs', query);
      // page by page: thousands of calls at once would time out before they are read
      const details = page.map(({ id }) => this.get<RequestWithAttempts>(`/request-logs/${id}`));
      rows.push(...(await Promise.all(details)));
      if (page.length < 100) return rows;
    }
  }

  /** One call, whatever it answers. */
  async send<Body = ManagementError>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ManagementAnswer<Body>> {
    const headers: Record<string, string> = {};
    if (this.token !== '') headers['authorization'] = `Bearer ${this.token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(`${this.origin}/api${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? null : (JSON.parse(text) as unknown);
    return { status: response.status, headers: response.headers, body: parsed as Body };
  }

  /** @throws Error with method, path, status and answer unless it is a success. */
  async call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.send<Body>(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new Error(`${method} /api${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

/** The token is written a moment after the gateway listens. */
async function readSetupToken(dataDir: string): Promise<string> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return (await readFile(join(dataDir, 'setup-token'), 'utf8')).trim();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
