import { proxyFor } from '../../config/proxy.ts';
import { resolveSecret, resolveSecrets } from '../../config/secrets.ts';
import { secretsOfAuth } from '../../domain/authentication.ts';
import type { ElasticsearchStore, ServiceName } from '../../domain/platform.ts';
import { awsSigner } from '../../systems/aws/sign.ts';
import {
  connectNodes,
  nodeUrl,
  type Client,
  type Credentials,
  type NodeAddress,
} from '../../systems/elasticsearch/client.ts';
import { trustOptions } from '../../systems/tls/trust.ts';
import { keysFrom } from './aws-keys.ts';

interface Server {
  service: ServiceName;
  host: string;
  port: number;
}

interface Surroundings {
  variables: NodeJS.ProcessEnv;
  /** The servers that Docker finds now; asked only when the platform file names no address. */
  found: () => Promise<Server[]>;
}

/**
 * A client for a store's Elasticsearch, as its platform file says: every node that it names or that Docker finds, who
 * Rekindle is, and whom it trusts. Failures: MissingSecret, InvalidArgument, CertificateRefused, WrongCredentials.
 */
export async function openElasticsearch(
  store: ElasticsearchStore,
  { variables, found }: Surroundings,
): Promise<Client> {
  const [nodes, credentials] = await Promise.all([nodesOf(store, variables, found), credentialsOf(store, variables)]);
  return connectNodes(nodes, credentials);
}

async function nodesOf(
  store: ElasticsearchStore,
  variables: NodeJS.ProcessEnv,
  found: () => Promise<Server[]>,
): Promise<NodeAddress[]> {
  const { scheme, port, address, nodes } = store;
  const given =
    nodes?.map((url) => new URL(url)) ?? (address === undefined ? [] : [nodeUrl({ scheme, host: address, port })]);
  if (given.length > 0)
    return Promise.all(
      given.map(async (url) => {
        const proxy = proxyFor(url.href, variables);
        return { url, ...(await trust(store, variables, url)), ...(proxy !== undefined && { proxy }) };
      }),
    );
  // What Docker finds is in its own network, which no proxy reaches; certificates name the service, not its address.
  return Promise.all(
    (await found()).map(async ({ service, host, port }) => {
      const url = nodeUrl({ scheme, host, port });
      return { url, ...(await trust(store, variables, url, service.split('/').at(-1))) };
    }),
  );
}

async function trust(
  { name, tls = {} }: ElasticsearchStore,
  variables: NodeJS.ProcessEnv,
  url: URL,
  service?: string,
): Promise<Pick<NodeAddress, 'tls'>> {
  if (url.protocol !== 'https:') return {};
  const { key, passphrase } = tls;
  const secrets = await resolveSecrets(
    { ...(key && { [`${name}.tls.key`]: key }), ...(passphrase && { [`${name}.tls.passphrase`]: passphrase }) },
    variables,
  );
  const serverName = tls.serverName ?? service;
  const server = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 443 };
  const options = await trustOptions(
    server,
    { ...tls, ...(serverName !== undefined && { serverName }) },
    { key: secrets[`${name}.tls.key`], passphrase: secrets[`${name}.tls.passphrase`] },
  );
  return { tls: options };
}

async function credentialsOf(
  store: ElasticsearchStore,
  variables: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  const { name, auth, username } = store;
  if (username !== undefined) {
    const password = store.password && (await resolveSecret(store.password, `${name}.password`, variables));
    return { username, password: password ?? '' };
  }
  if (auth === undefined || auth.kind === 'none' || auth.kind === 'basic') return undefined;
  if (auth.kind === 'aws') {
    const { region, service, credentials } = auth;
    const keys = await keysFrom(credentials, { purpose: `${name}.auth`, region, variables });
    return { sign: awsSigner({ keys, region, service }) };
  }
  const references = Object.entries(secretsOfAuth(auth)).map(([key, value]) => [`${name}.auth.${key}`, value] as const);
  const [value = ''] = Object.values(await resolveSecrets(Object.fromEntries(references), variables));
  if (auth.kind === 'bearer') return { bearer: value };
  return { apiKey: encodedApiKey(value) };
}

/** `id:key` is what people copy from two fields; the header wants it in base64. */
function encodedApiKey(value: string): string {
  return value.includes(':') ? Buffer.from(value).toString('base64') : value;
}
