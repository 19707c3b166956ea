import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** In PEM format. */
export interface Certificate {
  certificate: string;
  key: string;
}

export interface Authority extends Certificate {
  issue(options?: { names?: string[]; from?: Date; until?: Date }): Certificate;
}

const day = 86_400_000;

/** An authority of certificates, made here: Node makes none, and not every machine has openssl. */
export function makeAuthority(name: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, key: pair.privateKey };
  const own = certify({ name, key: pair.publicKey, issuer, extensions: [authorityMark], ...validity() });
  return {
    certificate: own,
    key: pemOf(pair.privateKey),
    issue({ names = ['localhost', '127.0.0.1'], from, until } = {}) {
      const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = [alternativeNames(names)];
      const certificate = certify({
        name: names[0] ?? '',
        key: leaf.publicKey,
        issuer,
        extensions,
        ...validity(from, until),
      });
      return { certificate, key: pemOf(leaf.privateKey) };
    },
  };
}

const validity = (from = new Date(Date.now() - day), until = new Date(Date.now() + day)) => ({ from, until });
const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Request {
  name: string;
  key: KeyObject;
  issuer: { name: string; key: KeyObject };
  from: Date;
  until: Date;
  extensions: Buffer[];
}

/** RFC 5280, as far as a test wants it. */
function certify({ name, key, issuer, from, until, extensions }: Request): string {
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(issuer.name),
    sequence(time(from), time(until)),
    distinguishedName(name),
    key.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, issuer.key)]));
  const text = sequence(body, ecdsaWithSha256, signature).toString('base64').replace(/.{64}/g, '$&\n').trim();
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const sequence = (...parts: Buffer[]) => tagged(0x30, Buffer.concat(parts));
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const identifier = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));

const distinguishedName = (name: string) =>
  sequence(tagged(0x31, sequence(identifier('550403'), tagged(0x0c, Buffer.from(name)))));

/** GeneralizedTime: 20260102030405Z. */
const time = (date: Date) => tagged(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));

/** basicConstraints, critical: it may sign others. */
const authorityMark = sequence(
  identifier('551d13'),
  tagged(0x01, Buffer.from([0xff])),
  tagged(0x04, sequence(tagged(0x01, Buffer.from([0xff])))),
);

const alternativeNames = (names: string[]) =>
  sequence(
    identifier('551d11'),
    tagged(
      0x04,
      sequence(
        ...names.map((name) =>
          isIPv4(name) ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name)),
        ),
      ),
    ),
  );
