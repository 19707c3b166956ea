import library, { type Client, type Exception } from 'node-zookeeper-client';
import type { ClientGuard } from './guard.ts';
import { unreachable, zookeeperFailure } from './zookeeper-failures.ts';

const { CreateMode } = library;
const { NO_NODE, NODE_EXISTS } = library.Exception;

export interface NewNode {
  path: string;
  data: string;
  /** True: ZooKeeper appends the parent's next number, ten digits, to the path. */
  sequential?: boolean;
}

export interface Children {
  names: string[];
  /** Children ever created under the node: the number that the next sequential one gets. */
  created: number;
}

/**
 * One session of ZooKeeper. It is never reopened behind the caller's back: when the connection is lost, all that is in
 * flight and all that follows fails with ZookeeperUnreachable, and the caller starts anew. Every method is bounded in
 * time. Failures: ZookeeperUnreachable, WrongCredentials, QueueRefused.
 */
export interface ZookeeperSession {
  readonly hosts: string;
  /** Creates persistent nodes in one transaction, all or none. `exists`: one of them was there, none was created. */
  create(nodes: readonly NewNode[]): Promise<'created' | 'exists'>;
  /** undefined: the node is not there. */
  children(path: string): Promise<Children | undefined>;
  /** undefined: the node is not there. */
  read(path: string): Promise<string | undefined>;
  /** A node that is not there is as good as removed. */
  remove(path: string): Promise<void>;
  /** Ends the session; its ephemeral nodes vanish. Never fails, never hangs. */
  close(): Promise<void>;
}

/** The requests of one session, each ended by its guard when the session ends. */
export function session(client: Client, hosts: string, guard: ClientGuard): ZookeeperSession {
  return {
    hosts,
    create: (nodes) =>
      guard.call((resolve, reject) => {
        const transaction = client.transaction();
        for (const { path, data, sequential } of nodes)
          transaction.create(
            path,
            Buffer.from(data),
            sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT,
          );
        transaction.commit((error, results) => {
          if (error?.code === NODE_EXISTS) resolve('exists');
          else if (error) reject(zookeeperFailure(error, hosts, `creating ${nodes[0]?.path ?? 'nothing'}`));
          else if (results?.length !== nodes.length) reject(unreachable(hosts, 'answered a transaction in part'));
          else resolve('created');
        });
      }),
    children: (path) =>
      guard.call((resolve, reject) =>
        client.getChildren(path, (error, names, stat) => {
          if (error) settleError(error, `listing ${path}`, resolve, reject);
          // A removal counts too in cversion, so that creations are half of the changes plus what is still there.
          else resolve({ names, created: (stat.cversion + stat.numChildren) / 2 });
        }),
      ),
    read: (path) =>
      guard.call((resolve, reject) =>
        client.getData(path, (error, data) => {
          if (error) settleError(error, `reading ${path}`, resolve, reject);
          else resolve(data?.toString('utf8') ?? '');
        }),
      ),
    remove: (path) =>
      guard.call((resolve, reject) =>
        client.remove(path, (error) => {
          if (error) settleError(error, `removing ${path}`, () => resolve(), reject);
          else resolve();
        }),
      ),
    close: () => guard.close(),
  };

  function settleError(
    error: Exception,
    doing: string,
    resolve: (nothing: undefined) => void,
    reject: (error: Error) => void,
  ) {
    if (error.code === NO_NODE) resolve(undefined);
    else reject(zookeeperFailure(error, hosts, doing));
  }
}
