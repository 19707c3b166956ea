import { createHash } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';

// A CommonJS module, whose names Node does not find by itself.
const { Server, utils } = ssh2;

/** A key pair of ssh, with the fingerprint of its public half. */
export interface SshKey {
  private: string;
  /** As a line of authorized_keys or known_hosts has it: `ssh-ed25519 AAAA…`. */
  public: string;
  fingerprint: string;
}

export function makeSshKey(): SshKey {
  const { private: secret, public: open } = utils.generateKeyPairSync('ed25519');
  // Now and then ssh2 writes a key that it cannot read itself.
  if (utils.parseKey(secret) instanceof Error) return makeSshKey();
  const blob = Buffer.from(open.split(' ')[1] ?? '', 'base64');
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { private: secret, public: open, fingerprint: `SHA256:${digest}` };
}

export interface SshHost {
  port: number;
  hostKey: SshKey;
  /** How many have logged in, and the commands that were run. */
  logins: number;
  commands: string[];
  /** Ends the connections of now, as a restart of sshd that kills its sessions. */
  cut(): void;
  close(): Promise<void>;
}

export interface SshHostOptions {
  /** The keys that may log in. */
  authorized: SshKey[];
  hostKey?: SshKey;
  /** The engine's socket, to which `docker system dial-stdio` connects. */
  socket: string;
  /** Where it listens; default: this machine alone. */
  address?: string;
  /** In place of the engine: how the command fails. */
  failing?: { exitCode: number; says: string };
}

/** A host with an SSH server whose `docker system dial-stdio` works as the Docker client's does, without either. */
export async function startSshHost(options: SshHostOptions): Promise<SshHost> {
  const { authorized, socket, failing, hostKey = makeSshKey(), address = '127.0.0.1' } = options;
  const connections = new Set<Connection>();
  const host: Omit<SshHost, 'port' | 'close'> = {
    hostKey,
    logins: 0,
    commands: [],
    cut: () => connections.forEach((connection) => connection.end()),
  };
  const server = new Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => undefined);
    connection.on('authentication', (asked) => {
      const answer = verdictOn(asked, authorized);
      if (answer === 'take') asked.accept();
      else asked.reject(['publickey']);
    });
    connection.on('ready', () => {
      host.logins += 1;
      connection.on('session', (accept) => {
        accept().on('exec', (acceptExec, _reject, { command }) => {
          host.commands.push(command);
          const channel = acceptExec();
          if (failing) end(channel, failing.exitCode, failing.says);
          else dial(channel, socket);
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return Object.assign(host, {
    port: (server.address() as AddressInfo).port,
    close: () => {
      host.cut();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

/** A client asks first whether a key would do, without a signature. */
function verdictOn(asked: AuthContext, authorized: readonly SshKey[]): 'take' | 'refuse' {
  if (asked.method !== 'publickey') return 'refuse';
  const found = authorized.find((key) => Buffer.from(key.public.split(' ')[1] ?? '', 'base64').equals(asked.key.data));
  const key = found && utils.parseKey(found.public);
  if (key === undefined || key instanceof Error) return 'refuse';
  if (asked.signature === undefined) return 'take';
  const proven = [key].flat()[0]?.verify(asked.blob ?? Buffer.alloc(0), asked.signature, asked.hashAlgo);
  return proven === true ? 'take' : 'refuse';
}

function dial(channel: ServerChannel, path: string): void {
  const engine = connect({ path, allowHalfOpen: true });
  let failed = false;
  engine.on('error', (error) => {
    failed = true;
    end(channel, 1, `failed to dial ${path}: ${error.message}`);
  });
  channel.on('error', () => engine.destroy());
  channel.on('close', () => engine.destroy());
  channel.pipe(engine);
  engine.pipe(channel, { end: false });
  engine.on('end', () => {
    if (!failed) end(channel, 0, '');
  });
}

function end(channel: ServerChannel, exitCode: number, says: string): void {
  if (says !== '') channel.stderr.write(says);
  channel.exit(exitCode);
  channel.end();
}
