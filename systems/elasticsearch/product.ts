import { Failure } from '../../domain/failures.ts';

/** What a server says about itself on its root page, as far as it can be believed. */
interface RootPage {
  version?: { distribution?: string; number?: string };
}

/** Every Elasticsearch since 7.14 has it in its answers, and no other product does. */
export const isElasticsearch = (headers: Record<string, unknown>): boolean => 'x-elastic-product' in headers;

/**
 * Why a server that does not call itself Elasticsearch is refused: what its root page says. Undefined when that tells
 * nothing: a proxy or a balancer may have answered in its place.
 */
export function refusalOfProduct(page: unknown, server: string): Failure | undefined {
  const { distribution, number = '' } = (page as RootPage | undefined)?.version ?? {};
  if (distribution !== undefined && distribution !== 'elasticsearch')
    return refused(
      `${server} is ${nameOf(distribution)} ${number}, which Rekindle does not support: its snapshots and its API have gone their own way since Elasticsearch 7.10`,
      'Back it up with its own tools (snapshot management); leave this store out of the platform file, or name an Elasticsearch of 8.x or 9.x',
    );
  if (/^[0-7]\.\d/.test(number))
    return refused(
      `${server} is Elasticsearch ${number}, which is too old: Rekindle supports 8.x and 9.x`,
      'Upgrade it to 8.x, then take a backup; a snapshot of 7.x can be restored by 8.x',
    );
  return undefined;
}

const nameOf = (distribution: string) => (distribution === 'opensearch' ? 'OpenSearch' : distribution.slice(0, 40));

const refused = (message: string, remedy: string) => new Failure('ServerNotSupported', { message, remedy });
