/** What Rekindle uses of node-zookeeper-client 1.1.3, which brings no types. */
declare module 'node-zookeeper-client' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  class Exception extends Error {
    code: number;
    name: string;
    static readonly NO_NODE: number;
    static readonly NODE_EXISTS: number;
    static readonly NO_AUTH: number;
    static readonly AUTH_FAILED: number;
    static readonly CONNECTION_LOSS: number;
    static readonly SESSION_EXPIRED: number;
    static readonly NOT_EMPTY: number;
    static readonly INVALID_ACL: number;
    static create(code: number): Exception;
  }

  class Id {
    constructor(scheme: string, id: string);
    scheme: string;
    id: string;
  }

  class ACL {
    constructor(permissions: number, id: Id);
    permission: number;
  }

  class Stat {
    /** Child changes, creations and removals alike. */
    cversion: number;
    numChildren: number;
  }

  type Callback<Result extends unknown[]> = (error: Exception | null | undefined, ...result: Result) => void;

  interface Transaction {
    /** Without a list: world:anyone:cdrwa. */
    create(path: string, data: Buffer, mode: number): Transaction;
    create(path: string, data: Buffer, acl: ACL[], mode: number): Transaction;
    remove(path: string): Transaction;
    commit(callback: Callback<[results: unknown[] | undefined]>): void;
  }

  interface Packet {
    /** `xid` is given when it is sent. No header: the request for a session. */
    request: { header: { xid: number; type: number } | null; toBuffer(): Buffer };
    callback(error: Exception | null | undefined, reply: unknown): void;
  }

  /** Not public, but all there is to reach the socket, which the library leaves open on failures. */
  interface ConnectionManager {
    socket?: Socket;
    chrootPath?: string;
    /** What was sent and has no answer yet, in order. */
    pendingQueue: Packet[];
    queue(request: Packet['request'], callback: Packet['callback']): void;
    connectTimeoutHandler: NodeJS.Timeout | null;
    connect(): void;
    findNextServer(use: (server: unknown) => void): void;
    onSocketData(chunk: Buffer): void;
  }

  class Client extends EventEmitter {
    connectionManager: ConnectionManager;
    connect(): void;
    close(): void;
    addAuthInfo(scheme: string, auth: Buffer): void;
    create(path: string, data: Buffer, mode: number, callback: Callback<[path: string]>): void;
    remove(path: string, callback: Callback<[]>): void;
    exists(path: string, callback: Callback<[stat: Stat | null]>): void;
    getData(path: string, callback: Callback<[data: Buffer | undefined, stat: Stat]>): void;
    getChildren(path: string, callback: Callback<[children: string[], stat: Stat]>): void;
    transaction(): Transaction;
  }

  const library: {
    createClient(hosts: string, options: { sessionTimeout: number; spinDelay: number; retries: number }): Client;
    CreateMode: { PERSISTENT: number; PERSISTENT_SEQUENTIAL: number; EPHEMERAL: number };
    Permission: Record<'READ' | 'WRITE' | 'CREATE' | 'DELETE' | 'ADMIN', number>;
    Exception: typeof Exception;
    Id: typeof Id;
    ACL: typeof ACL;
  };
  export default library;
  export type { ACL, Client, ConnectionManager, Exception, Packet, Stat, Transaction };
}
