import { connect, type TLSSocket } from 'node:tls';
import { isIP } from 'node:net';
import { addressOfEndpoint, type EndpointSecrets, type TlsEndpoint } from '../../../domain/endpoints.ts';
import { Failure } from '../../../domain/failures.ts';
import { certificateFailure } from '../../tls/certificate-failures.ts';
import { trustOptions } from '../../tls/trust.ts';
import { isUnreachable, wordsOf } from '../failures.ts';

const file = 'the hosts file';
/** Milliseconds. */
const limit = 10_000;

/** An encrypted connection to the engine. Failures: InvalidArgument for a file, CertificateRefused; errors of the handshake. */
export async function openTls({ host, port, tls }: TlsEndpoint, secrets: EndpointSecrets): Promise<TLSSocket> {
  const trust = await trustOptions({ host, port }, tls, secrets, file);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(isIP(host) === 0 && { servername: host }), ...trust });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const late = setTimeout(
      () => fail(Object.assign(new Error(`no answer within ${limit / 1000} s`), { code: 'ETIMEDOUT' })),
      limit,
    );
    socket.once('error', fail);
    socket.once('close', () => clearTimeout(late));
    socket.once('secureConnect', () => {
      clearTimeout(late);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** A server refuses our certificate only after the handshake: then the request fails with what this explains. */
export async function explainTls(endpoint: TlsEndpoint, error: unknown): Promise<unknown> {
  if (error instanceof Failure) return error;
  const { host, port, tls } = endpoint;
  const server = { host, port, ...(tls.serverName !== undefined && { serverName: tls.serverName }) };
  const refused = await certificateFailure(error, server, 'tls', file);
  if (refused !== undefined) return refused;
  if (!isUnreachable(error)) return error;
  const address = addressOfEndpoint(endpoint);
  const { code } = error as { code?: unknown };
  const why =
    code === 'ECONNREFUSED'
      ? 'the connection is refused, so nothing listens there'
      : `${wordsOf(error)}${code === 'ECONNRESET' ? ", as when it does not trust Rekindle's certificate" : ''}`;
  return new Failure(
    'DockerUnreachable',
    {
      message: `The Docker engine at ${address} does not answer: ${why}`,
      remedy: `Start the engine on ${host} (systemctl start docker), with --tlsverify and --host tcp://…:${port}; check name and port in the hosts file, and the firewall between`,
    },
    { cause: error },
  );
}
