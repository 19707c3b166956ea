import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { Failure } from '../../domain/failures.ts';
import type { Environment } from '../environment.ts';
import { codeOf, temporalAddressOf } from './connect.ts';
import { refusedRequest, unreachable } from './explain.ts';

/** gRPC's: the first and the last mean that Temporal is out of reach. */
const codes = { deadlineExceeded: 4, notFound: 5, unavailable: 14 };

/** Temporal's refusal, or its silence, as a failure with a remedy; everything else as it is. */
export function explained(error: unknown, environment: Environment): unknown {
  const address = temporalAddressOf(environment);
  if (isOutOfReach(error)) return new Failure('TemporalUnreachable', unreachable(address), { cause: error });
  const refusal = refusedRequest(address, codeOf(error), environment.temporal, error);
  if (refusal) return refusal;
  const grpc = error instanceof ServiceError ? error.cause : error;
  // The SDK has a class for it in some of its calls only.
  const isNamespace = isGrpcServiceError(grpc) && codeOf(grpc) === codes.notFound && /^Namespace\b/.test(grpc.details);
  if (error instanceof NamespaceNotFoundError || isNamespace)
    return new Failure(
      'InvalidArgument',
      {
        message: `Temporal at ${address} has no namespace "${environment.temporalNamespace}"`,
        remedy: `Set TEMPORAL_NAMESPACE to one that it has, or create it: temporal operator namespace create --retention 30d --namespace ${environment.temporalNamespace}`,
      },
      { cause: error },
    );
  if (isGrpcServiceError(grpc))
    return new Failure(
      'TemporalRefused',
      {
        message: `Temporal at ${address} refuses the request: ${grpc.details || grpc.message}`,
        remedy: 'Read the log of the Temporal server, fix the cause, and retry',
      },
      { cause: error },
    );
  return error;
}

/** True when Temporal, not the run, is what gave no answer. */
export function isOutOfReach(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.deadlineExceeded || code === codes.unavailable;
}
