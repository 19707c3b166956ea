import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure } from '../../domain/failures.ts';
import { payloadKeyPrefix, rememberSecret } from '../redaction.ts';

/** A key for payloads. `id` names it in the clear next to what it encrypted; it reveals nothing of the key. */
export interface PayloadKey {
  id: string;
  /** 32 bytes, for AES-256. */
  key: Buffer;
}

/** Recognisable wherever it turns up: redaction knows it by its beginning. */
const keyLine = new RegExp(`^${payloadKeyPrefix}([A-Za-z0-9_-]{43})$`);

/**
 * The keys of a file, the first of which encrypts; the others only decrypt what they encrypted once. One a line; empty
 * lines and those that begin with `#` do not count. No file named: no keys, so nothing is encrypted.
 * Failure: MissingKey, which names the file and the line, never what stands there.
 */
export async function readPayloadKeys(file: string | undefined): Promise<PayloadKey[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw bad(code === 'ENOENT' ? `There is no payload key file ${file}` : unreadable(file, code), error);
  });
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const keys = lines
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => {
      const [, base64url] = keyLine.exec(line) ?? [];
      if (base64url === undefined) throw bad(`Line ${number} of the payload key file ${file} is not a payload key`);
      rememberSecret(line);
      rememberSecret(base64url);
      return payloadKey(Buffer.from(base64url, 'base64url'));
    });
  if (keys.length === 0) throw bad(`The payload key file ${file} holds no key`);
  return keys;
}

export function payloadKey(key: Buffer): PayloadKey {
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 16), key };
}

const unreadable = (file: string, code: string | undefined) =>
  `The payload key file ${file} cannot be read: ${code ?? 'unknown reason'}`;

function bad(message: string, cause?: unknown): Failure {
  return new Failure(
    'MissingKey',
    {
      message,
      remedy:
        'Put the file back from where it is kept, make a new one with "rekindle keygen --payload", or leave ' +
        'REKINDLE_PAYLOAD_KEY_FILE unset for histories in the clear',
    },
    { cause },
  );
}
