import { parseListenAddress } from '../../config/listen-address.ts';
import { payloadCodec } from '../../config/payload-encryption/codec.ts';
import { readPayloadKeys } from '../../config/payload-encryption/keys.ts';
import { Failure } from '../../domain/failures.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { codecServerDefaults } from './codec-server-defaults.ts';
import { startCodecServer } from './codec-server.ts';
import { signalled } from './serving.ts';

/** Serves until SIGINT or SIGTERM. Failures: MissingKey; InvalidArgument (address, origin, port taken). */
export async function serveCodec(
  { environment, output }: CommandContext,
  { listen = codecServerDefaults.listen, allowOrigin = codecServerDefaults.allowOrigin },
): CommandResult {
  const keys = await readPayloadKeys(environment.payloadKeyFile);
  if (keys.length === 0)
    throw new Failure('MissingKey', {
      message: 'REKINDLE_PAYLOAD_KEY_FILE is not set, so there is no key to decrypt with',
      remedy: 'Set it to the key file that the workers use',
    });
  const { host, port } = parseListenAddress(listen, { given: '--listen', example: codecServerDefaults.listen });
  const origins = allowOrigin.split(',').map(parseOrigin);
  const server = await startCodecServer({ codec: payloadCodec(keys), host, port, origins });
  output.document({ url: server.url, origins });
  output.say(`codec server at ${server.url}, for ${origins.join(' and ')}; Ctrl-C ends it`);
  output.say(`→ in the Temporal UI, behind the glasses: remote codec endpoint ${server.url}`);
  output.say('It decrypts for whoever reaches it: keep it on an address that only operators reach.');
  await signalled();
  await server.close();
  return exitCodes.passed;
}

/** As a browser sends it: scheme, host and port, no path. */
function parseOrigin(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  throw new Failure('InvalidArgument', {
    message: `--allow-origin "${text.trim()}" is not the address of a web page`,
    remedy: `Give the address of the Temporal UI, for example ${codecServerDefaults.allowOrigin.split(',')[0] ?? ''}`,
  });
}
