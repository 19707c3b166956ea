import { Client, UndiciConnection } from '@elastic/elasticsearch';

export type { Client } from '@elastic/elasticsearch';

export interface ElasticsearchAddress {
  scheme: 'http' | 'https';
  host: string;
  port: number;
  username?: string;
  password?: string;
}

/** Milliseconds that an ordinary request may take; calls that verify or restore bring their own. */
export const requestTimeout = 30_000;
/** Milliseconds for calls during which the server itself talks to the object storage. */
export const storageTimeout = 180_000;

const connectTimeout = 3_000;

/** The client's own limit would cut off every request that is allowed more time than the default one. */
class PatientConnection extends UndiciConnection {
  constructor(options: ConstructorParameters<typeof UndiciConnection>[0]) {
    super({ ...options, timeout: storageTimeout + 1_000 });
  }
}

/**
 * A client for one address: no sniffing (nodes name addresses that cannot be reached from here) and no retries of its
 * own, because the caller's policy decides about those. A server that is away fails within seconds.
 */
export function connectElasticsearch({ scheme, host, port, username, password }: ElasticsearchAddress): Client {
  const literal = host.includes(':') ? `[${host}]` : host;
  return new Client({
    node: `${scheme}://${literal}:${String(port)}`,
    auth: username === undefined ? undefined : { username, password: password ?? '' },
    agent: { connect: { timeout: connectTimeout } } as never,
    Connection: PatientConnection,
    maxRetries: 0,
    requestTimeout,
    enableMetaHeader: false,
  });
}
