import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';

// Whether a host's key is one that is known: the rules of OpenSSH's known_hosts, as far as keys go.

export interface KnownHosts {
  /** Of the host's keys, as the file has them. */
  known: Buffer[];
  /** Keys that must never be taken again. */
  revoked: Buffer[];
}

/** `SHA256:…`, as `ssh-keygen -lf` shows it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** `ssh-ed25519`, which the key itself begins with. */
export function typeOf(key: Buffer): string {
  return key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

/** The keys that a known_hosts file has for a host. Lines of certificate authorities are passed over. */
export function findKnown(text: string, host: string, port: number): KnownHosts {
  const name = port === 22 ? host : `[${host}]:${port}`;
  const found: KnownHosts = { known: [], revoked: [] };
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [hosts = '', , key = ''] = words;
    if (hosts.startsWith('#') || key === '' || !names(hosts, name.toLowerCase())) continue;
    if (marker === '@revoked') found.revoked.push(Buffer.from(key, 'base64'));
    else if (marker === undefined) found.known.push(Buffer.from(key, 'base64'));
  }
  return found;
}

function names(hosts: string, name: string): boolean {
  const patterns = hosts.split(',');
  const fits = (pattern: string) => (pattern.startsWith('|1|') ? isHashOf(pattern, name) : isLike(pattern, name));
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern));
}

/** `|1|salt|hash`: what `HashKnownHosts` writes. */
function isHashOf(pattern: string, name: string): boolean {
  const [, , salt = '', hash = ''] = pattern.split('|');
  const wanted = Buffer.from(hash, 'base64');
  const made = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === made.length && timingSafeEqual(wanted, made);
}

function isLike(pattern: string, name: string): boolean {
  const text = pattern.toLowerCase().replace(/[\\^$.+()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}

const rsa: ServerHostKeyAlgorithm[] = ['rsa-sha2-512', 'rsa-sha2-256'];
const usual: ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  ...rsa,
];

/** The algorithms to ask the host for, those of its known keys first: else it may show a key that nobody has seen. */
export function algorithmsFor(known: readonly Buffer[]): ServerHostKeyAlgorithm[] {
  const types = new Set(known.map(typeOf));
  const isKnown = (one: ServerHostKeyAlgorithm) => types.has(rsa.includes(one) ? 'ssh-rsa' : one);
  return [...new Set([...usual.filter(isKnown), ...usual])];
}
