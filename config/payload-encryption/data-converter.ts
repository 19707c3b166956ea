import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { payloadCodec } from './codec.ts';
import { readPayloadKeys, type PayloadKey } from './keys.ts';

/** Temporal's SDK loads it with `require`, and webpack puts it into the workflows' bundle. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/**
 * What every Client and Worker is given, so that both sides agree. The codec is there without a key, too: it says what
 * is missing when it meets encrypted payloads. With a key, messages and stacks of failures are encrypted as well.
 */
export function dataConverterOf(keys: readonly PayloadKey[]): DataConverter {
  return { payloadCodecs: [payloadCodec(keys)], ...(keys.length > 0 ? { failureConverterPath } : {}) };
}

/** The same by the key file's path; undefined: no encryption. Failure: MissingKey. */
export async function readDataConverter(payloadKeyFile: string | undefined): Promise<DataConverter> {
  return dataConverterOf(await readPayloadKeys(payloadKeyFile));
}
