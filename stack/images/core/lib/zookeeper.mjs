import { randomUUID } from 'node:crypto';
import zookeeper from 'node-zookeeper-client';
import { log } from './log.mjs';

const { CreateMode, Exception, State } = zookeeper;
const hosts = process.env.ZOOKEEPER_HOSTS ?? 'zookeeper:2181';
const SESSION_MILLISECONDS = 10_000;
const PATIENCE_MILLISECONDS = Number(process.env.PATIENCE_SECONDS ?? 90) * 1000;
/**
 * A server that was wiped refuses, without a word, every client that saw a higher zxid: seen from here the connection
 * never comes back. Only a new process forgets the zxid, so a session this long without its server is given up.
 */
const LOCKED_OUT_MILLISECONDS = 20_000;

/** One session with ZooKeeper. `lost` (a callback) is called once, with an Error, when it cannot be saved any more. */
export class ZookeeperSession {
  #client = zookeeper.createClient(hosts, { sessionTimeout: SESSION_MILLISECONDS, spinDelay: 500, retries: 0 });
  #answered = Date.now();
  #everAnswered = false;
  #watchdog;
  #socketBefore;
  id = randomUUID().replaceAll('-', '');

  constructor(lost) {
    let over = false;
    const end = (message) => {
      if (over) return;
      over = true;
      clearInterval(this.#watchdog);
      lost(new Error(message));
    };
    this.#client.on('expired', () => end('the ZooKeeper session expired'));
    this.#client.on('connected', () => log('zookeeper: connected'));
    this.#client.on('disconnected', () => log('zookeeper: connection lost'));
    // The client has no read timeout of its own: ask, and see whether an answer comes.
    this.#watchdog = setInterval(() => {
      this.#kickSilentSocket();
      this.exists('/').then(
        () => {
          this.#answered = Date.now();
          this.#everAnswered = true;
        },
        () => undefined,
      );
      const silence = Date.now() - this.#answered;
      if (silence > (this.#everAnswered ? LOCKED_OUT_MILLISECONDS : PATIENCE_MILLISECONDS)) {
        end(`no answer from ZooKeeper for ${Math.round(silence / 1000)} s`);
      }
    }, 2_000);
    this.#client.connect();
  }

  /**
   * A ZooKeeper that is just starting can accept a connection and then forget it, open: the client would wait on it for
   * ever. A socket that has no session after two looks is closed, and the client tries another one.
   */
  #kickSilentSocket() {
    const { socket } = this.#client.connectionManager;
    if (!this.connected && socket && socket === this.#socketBefore) socket.destroy();
    this.#socketBefore = socket;
  }

  get connected() {
    return this.#client.getState() === State.SYNC_CONNECTED;
  }

  #call(method, ...args) {
    if (!this.connected && this.#everAnswered) {
      // Without this the client would queue the request and send it after a reconnection, when nobody waits any more.
      return Promise.reject(new Error('not connected to ZooKeeper'));
    }
    return new Promise((resolve, reject) => {
      this.#client[method](...args, (error, ...results) => (error ? reject(error) : resolve(results[0])));
    });
  }

  exists(path) {
    return this.#call('exists', path);
  }

  children(path) {
    return this.#call('getChildren', path);
  }

  /** The node's data as text, or undefined when there is no such node. */
  async read(path) {
    try {
      return (await this.#call('getData', path))?.toString('utf8') ?? '';
    } catch (error) {
      if (isNoNode(error)) return undefined;
      throw error;
    }
  }

  /** Creates a node; answers its path, with the sequence number where one was asked for. */
  create(path, data, { ephemeral = false, sequential = false } = {}) {
    const mode = (ephemeral ? CreateMode.EPHEMERAL : 0) | (sequential ? CreateMode.PERSISTENT_SEQUENTIAL : 0);
    return this.#call('create', path, Buffer.from(data), mode);
  }

  /** Removes nodes, all of them or none. */
  remove(...paths) {
    if (!this.connected) return Promise.reject(new Error('not connected to ZooKeeper'));
    return new Promise((resolve, reject) => {
      const transaction = this.#client.transaction();
      for (const path of paths) transaction.remove(path);
      transaction.commit((error) => (error ? reject(error) : resolve()));
    });
  }

  makePath(path) {
    return this.#call('mkdirp', path);
  }

  /** Ends the session, so that its ephemeral nodes go at once and not after the session's timeout. */
  close() {
    clearInterval(this.#watchdog);
    return new Promise((resolve) => {
      if (!this.connected) return resolve();
      this.#client.once('disconnected', resolve);
      this.#client.close();
    });
  }
}

export const isNoNode = (error) => error?.code === Exception.NO_NODE;
export const isNodeExists = (error) => error?.code === Exception.NODE_EXISTS;
