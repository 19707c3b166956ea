import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';

const timeoutMs = 3_000;

/**
 * The certificates that a server sends, its own first, without trusting any of them: nothing is sent to it. Undefined when
 * it does not answer, or does not speak TLS.
 */
export function presentedChain(server: {
  host: string;
  port: number;
  serverName?: string;
}): Promise<X509Certificate[] | undefined> {
  const { host, port, serverName = host } = server;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      timeout: timeoutMs,
      ...(isIP(serverName) === 0 && { servername: serverName }),
    });
    const settle = (chain?: X509Certificate[]) => {
      socket.destroy();
      resolve(chain);
    };
    socket.once('secureConnect', () => settle(chainOf(socket.getPeerCertificate(true))));
    socket.once('timeout', () => settle());
    socket.once('error', () => settle());
  });
}

/** A certificate that signed itself is its own issuer. */
function chainOf(first: DetailedPeerCertificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let each = first; each !== undefined && 'raw' in each && chain.length < 10; each = each.issuerCertificate) {
    const certificate = new X509Certificate(each.raw);
    if (chain.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) break;
    chain.push(certificate);
  }
  return chain;
}
