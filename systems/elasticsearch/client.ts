import { Client } from '@elastic/elasticsearch';
import type { Signer } from '../aws/sign.ts';
import { connectionTo, type NodeAddress } from './connection.ts';

export type { Client } from '@elastic/elasticsearch';
export type { NodeAddress } from './connection.ts';

/** Who Rekindle is to Elasticsearch. `sign` signs each request instead. */
export type Credentials =
  { username: string; password: string } | { apiKey: string } | { bearer: string } | { sign: Signer };

/** Milliseconds that an ordinary request may take; calls that verify or restore bring their own. */
export const requestTimeout = 30_000;
/** Milliseconds for calls during which the server itself talks to the object storage. */
export const storageTimeout = 180_000;

/** Elasticsearch at one address, without credentials. */
export function connectElasticsearch(at: { scheme: 'http' | 'https'; host: string; port: number }): Client {
  return connectNodes([{ url: nodeUrl(at) }]);
}

export function nodeUrl({ scheme, host, port }: { scheme: 'http' | 'https'; host: string; port: number }): URL {
  const literal = host.includes(':') ? `[${host}]` : host;
  return new URL(`${scheme}://${literal}:${String(port)}`);
}

/**
 * A client for one or several nodes: no sniffing (nodes name addresses that cannot be reached from here) and no retries of
 * its own, because the caller's policy decides about those; only a node that cannot be connected is passed over. A server
 * that is away fails within seconds.
 */
export function connectNodes(nodes: readonly NodeAddress[], credentials?: Credentials): Client {
  const [first] = nodes;
  if (first === undefined) throw new RangeError('Elasticsearch without a node');
  const sign = credentials && 'sign' in credentials ? credentials.sign : undefined;
  return new Client({
    node: first.url.href,
    auth: credentials === undefined || 'sign' in credentials ? undefined : credentials,
    // The client's own limit would cut off every request that is allowed more time than the default one.
    Connection: connectionTo(nodes, { timeout: storageTimeout + 1_000, sign }),
    maxRetries: 0,
    requestTimeout,
    enableMetaHeader: false,
  });
}
