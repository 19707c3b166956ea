import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { AtEnd } from './at-end.ts';

/** Its certificate is for localhost and 127.0.0.1, and is its own authority. */
export const certificateFile = new URL('fixtures/localhost.cert.pem', import.meta.url).pathname;
const cert = readFileSync(certificateFile);
const key = readFileSync(new URL('fixtures/localhost.key.pem', import.meta.url));

export interface ReceivedMail {
  from: string;
  to: string[];
  /** As it came, dots taken off. */
  source: string;
  encrypted: boolean;
  login?: string;
}

export interface SmtpOptions {
  tls: 'starttls' | 'implicit' | 'none';
  /** `user:password` that is demanded before any mail. */
  login?: string;
  /** The answer to each recipient. */
  recipient?: (address: string) => number;
  /** The answer to a whole mail; `received` counts it. */
  mail?: (count: number) => number;
  /** Accepts the connection and never says anything. */
  silent?: true;
}

/** A mail server on loopback: as much of RFC 5321, 3207 and 4954 as a client that hands over one mail needs. */
export async function startSmtpServer(
  atEnd: AtEnd,
  options: SmtpOptions,
): Promise<{ port: number; mails: ReceivedMail[] }> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    if (!options.silent) converse(socket, options, mails);
  };
  const server = options.tls === 'implicit' ? createTlsServer({ key, cert }, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, mails };
}

function converse(plain: Socket, options: SmtpOptions, mails: ReceivedMail[]): void {
  const { tls, login, recipient = () => 250, mail = () => 250 } = options;
  let socket = plain;
  let encrypted = tls === 'implicit';
  let who: string | undefined;
  let envelope = { from: '', to: [] as string[] };
  let data: string | undefined;
  const say = (line: string) => socket.write(`${line}\r\n`);

  const answer = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    const rest = line.slice(4).trim();
    if (verb === 'EHLO') {
      const extensions = ['AUTH PLAIN', ...(tls === 'starttls' && !encrypted ? ['STARTTLS'] : [])];
      for (const extension of extensions) say(`250-${extension}`);
      say('250 8BITMIME');
    } else if (verb === 'STAR' && tls === 'starttls') {
      say('220 go ahead');
      socket.removeAllListeners('data');
      socket = new TLSSocket(socket, { isServer: true, key, cert });
      encrypted = true;
      listen();
    } else if (verb === 'AUTH') {
      const [, user, password] = Buffer.from(rest.split(' ')[1] ?? '', 'base64')
        .toString()
        .split('\0');
      const right = `${user}:${password}` === login;
      if (right) who = user;
      say(right ? '235 welcome' : '535 wrong');
    } else if (verb === 'MAIL') {
      if (login !== undefined && who === undefined) return void say('530 log in first');
      envelope = { from: /<(.*)>/.exec(rest)?.[1] ?? '', to: [] };
      say('250 ok');
    } else if (verb === 'RCPT') {
      const address = /<(.*)>/.exec(rest)?.[1] ?? '';
      const code = recipient(address);
      if (code < 300) envelope.to.push(address);
      say(`${code} recipient`);
    } else if (verb === 'DATA') {
      data = '';
      say('354 go on');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say('502 unknown');
  };

  const take = (line: string): void => {
    if (data === undefined) {
      answer(line);
      return;
    }
    if (line !== '.') {
      data += `${line.replace(/^\./, '')}\r\n`;
      return;
    }
    mails.push({ ...envelope, source: data, encrypted, ...(who !== undefined && { login: who }) });
    data = undefined;
    say(`${mail(mails.length)} mail`);
  };

  const listen = (): void => {
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    });
  };
  listen();
  say('220 test');
}
