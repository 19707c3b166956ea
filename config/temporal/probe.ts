import { isIP } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import type { Certificates } from './credentials.ts';

/**
 * How a server answers the beginning of an encrypted connection. `refused`: it ends the connection because of our
 * certificate, or because there is none.
 */
export type Handshake = { end: 'accepted' | 'silent' | 'no TLS' } | { end: 'untrusted' | 'refused'; code: string };

const answerWithinMs = 1000;
/** HTTP/2's preface and empty settings: a server that takes our certificate answers with its own. */
const greeting = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/**
 * Greets the server as a client of Temporal does, and finds out why that fails: gRPC itself reports any trouble with TLS
 * as silence. `certificates` undefined: whether it speaks TLS at all, whoever signed its certificate. Never fails.
 */
export function tryHandshake(address: string, certificates: Certificates | undefined): Promise<Handshake> {
  const [, host = '', port = ''] = /^(?:\w+:\/\/)?\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  if (host === '') return Promise.resolve({ end: 'silent' });
  return new Promise((resolve) => {
    let encrypted = false;
    const socket = connect({ host, port: Number(port), ALPNProtocols: ['h2'], ...optionsOf(host, certificates) });
    const end = (handshake: Handshake) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(handshake);
    };
    const limit = setTimeout(() => end({ end: encrypted ? 'accepted' : 'silent' }), answerWithinMs);
    socket.once('secureConnect', () => {
      encrypted = true;
      if (certificates === undefined) end({ end: 'accepted' });
      else socket.write(greeting);
    });
    socket.once('data', () => end({ end: 'accepted' }));
    socket.once('close', () => end(encrypted ? { end: 'refused', code: 'closed' } : { end: 'silent' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end(meaningOf(error.code ?? '', encrypted)));
  });
}

function optionsOf(host: string, certificates: Certificates | undefined): ConnectionOptions {
  if (certificates === undefined) return { rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) };
  const { serverName = isIP(host) === 0 ? host : undefined, authority, client } = certificates;
  return {
    ...(serverName !== undefined && { servername: serverName }),
    ...(authority !== undefined && { ca: authority }),
    ...(client && { cert: client.certificate, key: client.key }),
  };
}

/** `code`: of Node, or of OpenSSL, which names the alert that the server sent. */
export function meaningOf(code: string, encrypted: boolean): Handshake {
  if (/^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|INVALID_CA|HOSTNAME_)/.test(code))
    return { end: 'untrusted', code };
  if (/ALERT/.test(code) || encrypted) return { end: 'refused', code };
  if (/^ERR_SSL_|^EPROTO$/.test(code)) return { end: 'no TLS' };
  return { end: 'silent' };
}
