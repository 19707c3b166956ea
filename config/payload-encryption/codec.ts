import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { Failure } from '../../domain/failures.ts';
import type { PayloadKey } from './keys.ts';

// `data` of an encrypted payload: nonce (12 bytes), ciphertext, tag (16 bytes). Inside is the whole payload, metadata
// included, as protobuf: the way Temporal's own samples do it, in all languages.
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** As Temporal's samples and its UI know it. */
export const encryptedEncoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
const wire = proto.temporal.api.common.v1.Payload;

/**
 * Encrypts what goes to Temporal with the first key, and decrypts with whichever key a payload names. Without keys
 * nothing is encrypted. What is not encrypted passes through `decode`: a namespace that was started without a key stays
 * readable. Failure of `decode`: MissingKey, with the remedy in its message, because that is all that Temporal shows of
 * it; a workflow's task is repeated until a worker has the key.
 */
export function payloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [first] = keys;
  return {
    encode: (payloads) =>
      Promise.resolve(first === undefined ? payloads : payloads.map((payload) => encrypt(payload, first))),
    // Async, so that a failure is a rejection.
    // oxlint-disable-next-line typescript/require-await
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, keys)),
  };
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  const sealed = [nonce, sealing.update(wire.encode(payload).finish()), sealing.final(), sealing.getAuthTag()];
  return {
    metadata: { encoding: Buffer.from(encryptedEncoding), [keyIdField]: Buffer.from(id) },
    data: Buffer.concat(sealed),
  };
}

function decrypt(payload: Payload, keys: readonly PayloadKey[]): Payload {
  if (textOf(payload.metadata?.['encoding']) !== encryptedEncoding) return payload;
  const id = textOf(payload.metadata?.[keyIdField]) || 'unknown';
  const key = keys.find((candidate) => candidate.id === id);
  if (key === undefined)
    throw unreadable(
      keys.length === 0
        ? `Temporal's data is encrypted with the payload key ${id}, and this process has none`
        : `Temporal's data is encrypted with the payload key ${id}, and this process has only ${keys.map((own) => own.id).join(', ')}`,
    );
  try {
    const data = Buffer.from(payload.data ?? []);
    const opening = createDecipheriv(cipher, key.key, data.subarray(0, nonceBytes), { authTagLength: tagBytes });
    opening.setAuthTag(data.subarray(-tagBytes));
    const opened = Buffer.concat([opening.update(data.subarray(nonceBytes, -tagBytes)), opening.final()]);
    const { metadata, data: content } = wire.decode(opened);
    return { metadata, data: content };
  } catch (error) {
    throw unreadable(`A payload that names the key ${id} was altered or truncated on its way`, error);
  }
}

const textOf = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString();

/** Of a foreign error only its name: a payload's content must not travel in a message. */
function unreadable(why: string, cause?: unknown): Failure {
  const remedy =
    'point REKINDLE_PAYLOAD_KEY_FILE at the file with that key, for every worker and command line of this Temporal';
  return new Failure(
    'MissingKey',
    { message: `${why}; ${remedy}`, remedy: 'Then restart the worker or the command; runs continue by themselves' },
    { cause: cause instanceof Error ? cause.name : undefined },
  );
}
