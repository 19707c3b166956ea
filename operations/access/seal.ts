import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failures.ts';
import { sealedText, sealLifeSeconds, type Said, type Seal, type Sealer } from '../../domain/seal.ts';
import { withFileLock, writePrivateFile } from '../../systems/private-file.ts';

const privateName = 'gateway-key.pem';
export const publicName = 'gateway-key.pub.pem';

/**
 * The gateway's key in its state folder; made there when there is none, with its public half next to it, which workers
 * need. Failure: InvalidArgument when the key cannot be read or written. `now` gives milliseconds.
 */
export async function openSealer(stateFolder: string, now: () => number = Date.now): Promise<Sealer> {
  const key = await withFileLock(path.join(stateFolder, 'gateway-key.lock'), () => readOrMakeKey(stateFolder));
  return (said) => {
    const at = new Date(now()).toISOString();
    return { at, signature: sign(null, Buffer.from(sealedText(said, at)), key).toString('base64') };
  };
}

async function readOrMakeKey(stateFolder: string): Promise<KeyObject> {
  const file = path.join(stateFolder, privateName);
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  });
  const key =
    kept === undefined ? generateKeyPairSync('ed25519').privateKey : parsed(file, () => createPrivateKey(kept));
  if (kept === undefined) await writePrivateFile(file, key.export({ type: 'pkcs8', format: 'pem' }).toString());
  const half = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const publicFile = path.join(stateFolder, publicName);
  if ((await readFile(publicFile, 'utf8').catch(() => '')) !== half) await writePrivateFile(publicFile, half);
  return key;
}

/**
 * Why the seal does not prove that a gateway let this person say so; undefined: it does. `keyFile` holds the public halves
 * of all gateways, in PEM format. Failure: MissingKey when it cannot be read.
 */
export async function faultOfSeal(
  said: Said,
  seal: Seal,
  { keyFile, now = Date.now }: { keyFile: string; now?: () => number },
): Promise<string | undefined> {
  const keys = await readPublicKeys(keyFile);
  const text = Buffer.from(sealedText(said, seal.at));
  const signature = Buffer.from(seal.signature, 'base64');
  if (!keys.some((key) => verify(null, text, key, signature)))
    return `its signature is of no gateway whose key is in ${keyFile}, or it was made for something else`;
  const age = (now() - Date.parse(seal.at)) / 1000;
  // Also from the future: two clocks that differ this much cannot tell old from new.
  return Math.abs(age) <= sealLifeSeconds
    ? undefined
    : `its signature is of ${seal.at}, more than ${sealLifeSeconds} s from the worker's time`;
}

async function readPublicKeys(file: string): Promise<KeyObject[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw unreadable(file, new Error('it holds no public key in PEM format'));
  return blocks.map((block) => parsed(file, () => createPublicKey(block)));
}

function parsed(file: string, read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw unreadable(file, new Error('it is no Ed25519 key in PEM format'));
}

function unreadable(file: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Failure(
    'MissingKey',
    {
      message: `The gateway's key in ${file} cannot be read: ${code ?? message}`,
      remedy: `Copy ${publicName} from the gateway's REKINDLE_STATE to the worker, and name it there by REKINDLE_APPROVAL_KEYS; a gateway whose own key is damaged makes a new one when the file is removed`,
    },
    { cause: error },
  );
}
