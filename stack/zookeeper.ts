import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

// The package has no types of its own: what the stack uses of it, as it is.
interface Transaction {
  create(path: string, data: Buffer): Transaction;
  remove(path: string): Transaction;
  commit(callback: (error: Error | null) => void): void;
}
interface Client {
  connect(): void;
  close(): void;
  once(event: 'connected', listener: () => void): void;
  mkdirp(path: string, callback: (error: Error | null) => void): void;
  getChildren(path: string, callback: (error: Error | null, children: string[]) => void): void;
  getData(path: string, callback: (error: Error | null, data: Buffer | undefined) => void): void;
  transaction(): Transaction;
  connectionManager: { socket?: Socket };
}
const { createClient } = createRequire(import.meta.url)('node-zookeeper-client') as {
  createClient: (hosts: string, options: { sessionTimeout: number; spinDelay: number }) => Client;
};

/** Operations in one transaction: far below ZooKeeper's limit of 1 MB a request. */
const CHUNK = 500;
/** A new socket has from one to two of these to become a session. */
const LOOK_MILLISECONDS = 1_500;

/** A connection to one ZooKeeper server, for seeding and for looking. Close it. */
export class Zookeeper {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** `address`: host:port. Throws when there is no session within `seconds`. */
  static connect(address: string, seconds: number): Promise<Zookeeper> {
    const client = createClient(address, { sessionTimeout: 10_000, spinDelay: 200 });
    return new Promise((resolve, reject) => {
      const end = Date.now() + seconds * 1000;
      let before: Socket | undefined;
      const watch = setInterval(() => {
        const { socket } = client.connectionManager;
        const late = Date.now() > end;
        if (late) {
          clearInterval(watch);
          client.close();
          reject(new Error(`ZooKeeper at ${address}: no session within ${seconds} s`));
        }
        // A ZooKeeper that is just starting can accept a connection and forget it, open: try another one.
        if (late || socket === before) socket?.destroy();
        before = socket;
      }, LOOK_MILLISECONDS);
      client.once('connected', () => {
        clearInterval(watch);
        resolve(new Zookeeper(client));
      });
      client.connect();
    });
  }

  makePath(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.mkdirp(path, (error) => (error ? reject(error) : resolve()));
    });
  }

  children(path: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#client.getChildren(path, (error, names) => (error ? reject(error) : resolve(names.sort())));
    });
  }

  read(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#client.getData(path, (error, data) => (error ? reject(error) : resolve(data?.toString('utf8') ?? '')));
    });
  }

  /** Creates nodes in the given order. */
  createAll(nodes: { path: string; data: string }[]): Promise<void> {
    return this.#inChunks(nodes, (transaction, { path, data }) => transaction.create(path, Buffer.from(data)));
  }

  removeAll(paths: string[]): Promise<void> {
    return this.#inChunks(paths, (transaction, path) => transaction.remove(path));
  }

  async #inChunks<T>(items: T[], add: (transaction: Transaction, item: T) => void): Promise<void> {
    for (let start = 0; start < items.length; start += CHUNK) {
      const transaction = this.#client.transaction();
      for (const item of items.slice(start, start + CHUNK)) add(transaction, item);
      await new Promise<void>((resolve, reject) => {
        transaction.commit((error) => (error ? reject(error) : resolve()));
      });
    }
  }

  close(): void {
    this.#client.close();
  }
}
