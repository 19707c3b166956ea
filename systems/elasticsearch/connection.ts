import { BaseConnection, errors, HttpConnection, UndiciConnection } from '@elastic/elasticsearch';
import type { Signer } from '../aws/sign.ts';
import { certificateFailure, tlsFaultOf } from '../tls/certificate-failures.ts';
import type { TrustOptions } from '../tls/trust.ts';
import { isElasticsearch, refusalOfProduct } from './product.ts';

/** One node, as it is reached. */
export interface NodeAddress {
  url: URL;
  tls?: TrustOptions;
  /** URL of the proxy in between. */
  proxy?: string;
}

type Options = ConstructorParameters<typeof BaseConnection>[0];
type Request = Parameters<BaseConnection['request']>;

const connectTimeout = 3_000;

/**
 * Connections to several nodes that look like one to the client. A node that cannot be connected is passed over, and the
 * one that answered is asked first the next time. What may have arrived at a node is not sent to another one, unless it
 * only reads: nothing is done twice. `timeout`, in milliseconds, is the most that any request may take. A server that is
 * no Elasticsearch, or one that is too old, fails every request with `ServerNotSupported`.
 */
export function connectionTo(
  nodes: readonly NodeAddress[],
  { timeout, sign }: { timeout: number; sign?: Signer },
): typeof BaseConnection {
  class FailoverConnection extends BaseConnection {
    readonly #reached: { node: NodeAddress; connection: BaseConnection }[];

    constructor(options: Options) {
      super(options);
      this.#reached = nodes.map((node) => ({ node, connection: open(node, { ...options, timeout }) }));
    }

    /** `never` stands for both kinds of answer, whole and as a stream: it is the node's own. */
    override async request(...[params, options]: Request): Promise<never> {
      let last: unknown;
      for (const each of [...this.#reached]) {
        try {
          const answer = await each.connection.request(await signed(each.node.url, params, sign), options);
          if (!isElasticsearch(answer.headers)) await this.#refuseOthers(each, params, options);
          this.#reached.splice(this.#reached.indexOf(each), 1);
          this.#reached.unshift(each);
          return answer as never;
        } catch (error) {
          last = (await certificateFailure(error, serverOf(each.node), 'stores[].tls')) ?? error;
          if (!mayPassOver(error, params.method)) break;
        }
      }
      throw last;
    }

    /** Asked only when an answer is not Elasticsearch's: one request more where everything fails anyway. */
    async #refuseOthers(
      { node, connection }: { node: NodeAddress; connection: BaseConnection },
      asked: Request[0],
      options: { requestId: string | number; name: string | symbol },
    ): Promise<void> {
      const authorization: unknown = asked.headers?.['authorization'];
      const root = {
        method: 'GET',
        path: '/',
        headers: { accept: 'application/json', ...(typeof authorization === 'string' && { authorization }) },
      };
      const page = await signed(node.url, root, sign)
        .then((params) =>
          connection.request(params, { requestId: options.requestId, name: options.name, context: null }),
        )
        .then(({ body }) => JSON.parse(String(body)) as unknown)
        .catch(() => undefined);
      const refusal = refusalOfProduct(page, node.url.host);
      if (refusal) throw refusal;
    }

    override async close(): Promise<void> {
      await Promise.all(this.#reached.map(({ connection }) => connection.close()));
    }
  }
  return FailoverConnection;
}

/** Undici's connections cannot use a proxy; those of Node's own client can. */
function open({ url, tls, proxy }: NodeAddress, options: Options): BaseConnection {
  const common = { ...options, url, ...(tls && { tls }) };
  if (proxy !== undefined) return new HttpConnection({ ...common, proxy });
  return new UndiciConnection({ ...common, agent: { connect: { ...tls, timeout: connectTimeout } } as never });
}

/** Whether the request surely did not arrive, or may arrive twice. */
function mayPassOver(error: unknown, method: string): boolean {
  if (!(error instanceof errors.ConnectionError)) return false;
  if (method === 'GET' || method === 'HEAD') return true;
  return (
    tlsFaultOf(error) !== undefined ||
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|connect timeout|connect ETIMEDOUT/i.test(error.message)
  );
}

/** Amazon counts a path and a query in their strictest encoding. */
async function signed(url: URL, params: Request[0], sign: Signer | undefined): Promise<Request[0]> {
  if (sign === undefined) return params;
  const path = params.path.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const querystring = params.querystring?.toString().replaceAll('+', '%20');
  const prefix = url.pathname.replace(/\/$/, '');
  const whole = new URL(`${prefix}${path}${querystring ? `?${querystring}` : ''}`, url.origin);
  const headers = await sign({
    method: params.method,
    url: whole,
    // A stream cannot be read twice, and no request of Rekindle's is one.
    body: params.body as string | Buffer | undefined,
  });
  return { ...params, path, querystring, headers: { ...params.headers, ...headers } };
}

function serverOf({ url, tls }: NodeAddress) {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    ...(tls?.servername !== undefined && { serverName: tls.servername }),
  };
}
