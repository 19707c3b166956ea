import library, { type ACL, type Client, type Exception, type Stat, type Transaction } from 'node-zookeeper-client';
import type { ClientGuard } from './guard.ts';
import { knowsMultiRead, readAtOnce } from './multi-read.ts';
import { unreachable, zookeeperFailure } from './zookeeper-failures.ts';

const { CreateMode } = library;
const { NO_NODE, NODE_EXISTS } = library.Exception;

export interface NewNode {
  path: string;
  data: string;
  /** True: ZooKeeper appends the parent's next number, ten digits, to the path. */
  sequential?: boolean;
}

export interface ChildCounts {
  /** Children that are there. */
  present: number;
  /** Children ever created under the node: the number that the next sequential one gets. */
  created: number;
}

export interface Children extends ChildCounts {
  names: string[];
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
  /** The same without the names, which may be megabytes. */
  countChildren(path: string): Promise<ChildCounts | undefined>;
  /** undefined: the node is not there. */
  read(path: string): Promise<string | undefined>;
  /** The same for many, in one request where the server knows how. */
  readMany(paths: readonly string[]): Promise<(string | undefined)[]>;
  /** A node that is not there is as good as removed. */
  remove(path: string): Promise<void>;
  /**
   * Removes the node unless `lock` is there: in one transaction, so that nobody takes the lock in between. `gone`: the
   * node was not there.
   */
  removeUnlocked(path: string, lock: string): Promise<'removed' | 'locked' | 'gone'>;
  /** Ends the session; its ephemeral nodes vanish. Never fails, never hangs. */
  close(): Promise<void>;
}

/** The requests of one session, each ended by its guard when the session ends. What it creates gets the list `acl`. */
export function session(client: Client, hosts: string, guard: ClientGuard, acl: ACL[]): ZookeeperSession {
  const commit = (transaction: Transaction, operations: number, doing: string): Promise<Exception | undefined> =>
    guard.call((resolve, reject) =>
      transaction.commit((error, results) => {
        if (error?.code === NODE_EXISTS || error?.code === NO_NODE) resolve(error);
        else if (error) reject(zookeeperFailure(error, hosts, doing));
        else if (results?.length !== operations) reject(unreachable(hosts, 'answered a transaction in part'));
        else resolve(undefined);
      }),
    );
  const read = (path: string): Promise<string | undefined> =>
    guard.call((resolve, reject) =>
      client.getData(path, (error, data) => {
        if (error) settleError(error, `reading ${path}`, resolve, reject);
        else resolve(data?.toString('utf8') ?? '');
      }),
    );
  const readTogether = (paths: readonly string[]): Promise<(string | undefined)[]> =>
    guard.call((resolve, reject) =>
      readAtOnce(client.connectionManager, paths, (error, data) => {
        if (error) reject(zookeeperFailure(error, hosts, `reading ${paths.length} nodes from ${paths[0]}`));
        else if (data.length !== paths.length) reject(unreachable(hosts, 'answered a request in part'));
        else resolve(data.map((bytes) => bytes?.toString('utf8')));
      }),
    );
  let atOnce: Promise<boolean> | undefined;
  return {
    hosts,
    async create(nodes) {
      const transaction = client.transaction();
      for (const { path, data, sequential } of nodes)
        transaction.create(
          path,
          Buffer.from(data),
          acl,
          sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT,
        );
      const doing = `creating ${nodes[0]?.path ?? 'nothing'}`;
      const error = await commit(transaction, nodes.length, doing);
      if (error?.code === NO_NODE) throw zookeeperFailure(error, hosts, doing);
      return error ? 'exists' : 'created';
    },
    async removeUnlocked(path, lock) {
      const transaction = client
        .transaction()
        .create(lock, Buffer.alloc(0), CreateMode.EPHEMERAL)
        .remove(path)
        .remove(lock);
      const error = await commit(transaction, 3, `removing ${path}`);
      if (!error) return 'removed';
      return error.code === NODE_EXISTS ? 'locked' : 'gone';
    },
    children: (path) =>
      guard.call((resolve, reject) =>
        client.getChildren(path, (error, names, stat) => {
          if (error) settleError(error, `listing ${path}`, resolve, reject);
          else resolve({ names, ...countsOf(stat) });
        }),
      ),
    countChildren: (path) =>
      guard.call((resolve, reject) =>
        client.exists(path, (error, stat) => {
          if (error) settleError(error, `looking at ${path}`, resolve, reject);
          else resolve(stat ? countsOf(stat) : undefined);
        }),
      ),
    read,
    async readMany(paths) {
      atOnce ??= knowsMultiRead(client.connectionManager.socket);
      return (await atOnce) ? readTogether(paths) : Promise.all(paths.map(read));
    },
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

/** A removal counts too in cversion, so that creations are half of the changes plus what is still there. */
function countsOf({ cversion, numChildren }: Stat): ChildCounts {
  return { present: numChildren, created: (cversion + numChildren) / 2 };
}
