import type { z } from 'zod';
import { refusal } from '../../api/schemas/requests.ts';
import { Failure, isFailureKind } from '../../domain/failures.ts';

/** Node's words for a certificate that it does not trust. */
const certificateTrouble = /CERT|SIGNATURE|SELF_SIGNED/;

/** There was no answer at all. */
export function unreachable(base: string, error: unknown): Failure {
  const { name, cause } = error as Error;
  const { code = name, message = '' } = (cause ?? {}) as { code?: string; message?: string };
  const late = name === 'TimeoutError';
  const why = late ? 'it gave no answer in time' : [code, message].filter(Boolean).join(': ');
  return new Failure(
    'GatewayUnreachable',
    {
      message: `The gateway at ${base} cannot be reached: ${why}`,
      remedy: certificateTrouble.test(code)
        ? 'Name the file with the certificate of the authority that signed its own, in NODE_EXTRA_CA_CERTS'
        : 'Check the address (--gateway, REKINDLE_GATEWAY_URL), and that the gateway runs and can be reached from here',
    },
    { cause: error },
  );
}

interface Refused {
  status: number;
  document: unknown;
  /** `GET /api/v1/runs`. */
  asked: string;
}

/** The gateway's own refusal, as the command line would have failed on the spot. */
export function failureOf(base: string, { status, document, asked }: Refused): Failure {
  const { data } = refusal.safeParse(document);
  if (!data) return notAGateway(base, asked, status);
  const { kind, message, remedy } = data.failure;
  if (status === 404 && kind === 'InvalidArgument') return older(base, asked);
  return new Failure(isFailureKind(kind) ? kind : 'RunFailed', {
    message,
    remedy:
      kind === 'NotLoggedIn'
        ? 'Put a token into REKINDLE_TOKEN, or into a file that REKINDLE_TOKEN_FILE names; "rekindle token create" on the gateway\'s machine makes one'
        : remedy,
  });
}

function older(base: string, asked: string): Failure {
  return new Failure('InvalidArgument', {
    message: `The gateway at ${base} does not know ${asked}: it is older than this rekindle`,
    remedy: 'Update the gateway, or use a rekindle of its version',
  });
}

/** Something answers there, but no gateway, or one that has no API yet. */
export function notAGateway(base: string, asked: string, status: number): Failure {
  return new Failure('InvalidArgument', {
    message: `What answers at ${base} is no Rekindle gateway with an API: it answers ${asked} with the status ${status}`,
    remedy: 'Check the address (--gateway, REKINDLE_GATEWAY_URL) and what stands between here and there',
  });
}

export function notUnderstood(base: string, asked: string, error: z.ZodError): Failure {
  const [issue] = error.issues;
  return new Failure('InvalidArgument', {
    message: `The gateway at ${base} answers ${asked} with a document that this rekindle does not understand: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    remedy: 'Use a rekindle of the same version as the gateway',
  });
}
