import { createHmac } from 'node:crypto';
import { algorithmsFor, findKnown, fingerprintOf, typeOf } from '../../../../systems/docker/endpoints/host-keys.ts';
import { makeSshKey } from '../../../ssh-server.ts';

const key = makeSshKey();
const other = makeSshKey();
const blob = Buffer.from(key.public.split(' ')[1] ?? '', 'base64');
const isKnown = (text: string, host = 'node-2', port = 22) =>
  findKnown(text, host, port).known.some((one) => one.equals(blob));

test('fingerprint and type, as ssh-keygen shows them', () => {
  expect(fingerprintOf(blob)).toBe(key.fingerprint);
  expect(typeOf(blob)).toBe('ssh-ed25519');
});

test.each([
  [`node-2 ${key.public}`, true],
  [`node-1,node-2,10.0.0.2 ${key.public} a comment`, true],
  [`NODE-2 ${key.public}`, true],
  [`node-? ${key.public}`, true],
  [`*.internal,node-* ${key.public}`, true],
  [`!node-2,node-* ${key.public}`, false],
  [`node-22 ${key.public}`, false],
  [`# node-2 ${key.public}`, false],
  [`node-2 ${other.public}`, false],
  [`[node-2]:2222 ${key.public}`, false],
  [`@cert-authority node-2 ${key.public}`, false],
  [`@revoked node-2 ${key.public}`, false],
  ['', false],
])('known_hosts %#', (line, known) => {
  expect(isKnown(`${line}\n`)).toBe(known);
});

test('hashed names, and ports other than 22', () => {
  const salt = Buffer.from('a salt of twenty byt');
  const hash = createHmac('sha1', salt).update('[node-2]:2222').digest('base64');
  const text = `|1|${salt.toString('base64')}|${hash} ${key.public}`;
  expect(isKnown(text, 'node-2', 2222)).toBe(true);
  expect(isKnown(text)).toBe(false);
  expect(isKnown(`[node-2]:2222 ${key.public}`, 'node-2', 2222)).toBe(true);
});

test('revoked keys are found; the types of known keys are asked for first', () => {
  expect(findKnown(`@revoked * ${key.public}`, 'node-2', 22).revoked).toHaveLength(1);
  const rsa = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa')]);
  expect(algorithmsFor([rsa]).slice(0, 3)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519']);
  expect(algorithmsFor([])[0]).toBe('ssh-ed25519');
});
