import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import type { EndpointSecrets, SshEndpoint } from '../../../domain/endpoints.ts';
import type { Failure } from '../../../domain/failures.ts';
import { streamOf } from './channel-stream.ts';
import { connectFailure, dialFailure } from './ssh-failures.ts';
import { trustedHost } from './trusted-host.ts';

/** What the Docker client runs as well; a forced command of authorized_keys may be just this. */
const dial = 'docker system dial-stdio';
/** OpenSSH takes ten sessions on a connection (MaxSessions). */
const mostChannels = 8;
/** Milliseconds. */
const [readyLimit, keepaliveEvery, idleLimit] = [10_000, 10_000, 10_000];

interface Link {
  client: Client;
  channels: number;
  idle?: NodeJS.Timeout;
}

/**
 * Connections to the SSH server of one host, shared by requests: each is a channel, and a connection carries several. It is
 * closed when nothing has used it for 10 s. `secrets` is asked for each connection.
 */
export function sshLinks(endpoint: SshEndpoint, secrets: () => Promise<EndpointSecrets>): () => Promise<Duplex> {
  const links = new Set<Link>();
  // One after the other: an SSH server drops those that come in a crowd (MaxStartups).
  let opening: Promise<unknown> = Promise.resolve();

  const free = () => [...links].find(({ channels }) => channels < mostChannels);

  async function take(): Promise<Link> {
    const turn = opening.then(async () => {
      const link = free() ?? (await open());
      clearTimeout(link.idle);
      link.channels += 1;
      return link;
    });
    opening = turn.catch(() => undefined);
    return turn;
  }

  async function open(): Promise<Link> {
    const link = { client: await connect(endpoint, await secrets()), channels: 0 };
    links.add(link);
    link.client.on('close', () => links.delete(link));
    return link;
  }

  function giveBack(link: Link): void {
    link.channels -= 1;
    if (link.channels > 0) return;
    link.idle = setTimeout(() => {
      links.delete(link);
      link.client.end();
    }, idleLimit).unref();
  }

  return async () => {
    const link = await take();
    try {
      const channel = await run(link.client);
      channel.once('close', () => giveBack(link));
      return streamOf(channel, (exitCode, said) => dialFailure(endpoint, exitCode, said));
    } catch (error) {
      giveBack(link);
      throw connectFailure(endpoint, error);
    }
  };
}

function run(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    // A connection that breaks now answers no more.
    const gone = () => reject(new Error('the connection was closed'));
    client.once('close', gone);
    client.exec(dial, (error, channel) => {
      client.off('close', gone);
      if (error) reject(error);
      else resolve(channel);
    });
  });
}

/** Failures: HostKeyRefused, WrongCredentials, DockerUnreachable. */
async function connect(endpoint: SshEndpoint, secrets: EndpointSecrets): Promise<Client> {
  const { host, port, user: username } = endpoint;
  const { algorithms, refuse } = await trustedHost(endpoint);
  const client = new ssh2.Client();
  let refusal: Failure | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve);
      client.once('error', reject);
      client.once('close', () => reject(new Error('the connection was closed')));
      client.connect({
        host,
        port,
        username,
        ...(secrets.key === undefined ? { agent: process.env['SSH_AUTH_SOCK'] } : { privateKey: secrets.key }),
        ...(secrets.passphrase !== undefined && { passphrase: secrets.passphrase }),
        hostVerifier: (key: Buffer) => {
          refusal = refuse(key);
          return refusal === undefined;
        },
        algorithms: { serverHostKey: algorithms },
        readyTimeout: readyLimit,
        keepaliveInterval: keepaliveEvery,
      });
    });
  } catch (error) {
    client.on('error', () => undefined);
    client.destroy();
    throw refusal ?? connectFailure(endpoint, error);
  }
  // Each channel that is being opened waits for the connection's end as well.
  client.setMaxListeners(4 * mostChannels);
  // What breaks later ends its channels, which say so.
  client.on('error', () => undefined);
  return client;
}
