import library, { type Exception } from 'node-zookeeper-client';
import { Failure } from '../../domain/failures.ts';

const { CONNECTION_LOSS, SESSION_EXPIRED, AUTH_FAILED, NO_AUTH, NO_NODE, INVALID_ACL } = library.Exception;

/** ZooKeeper at `hosts` gave no session, or the session ended: waiting may mend it. */
export function unreachable(hosts: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'ZookeeperUnreachable',
    {
      message: `ZooKeeper at ${hosts} ${why}`,
      remedy: 'start ZooKeeper, or mend its address and port in the platform file; the step can simply be repeated',
    },
    { cause },
  );
}

/** The one table from ZooKeeper's error codes to Rekindle's failures. `doing` says what was tried: `reading /job`. */
export function zookeeperFailure(error: Exception, hosts: string, doing: string): Failure {
  const message = `${doing} on ZooKeeper at ${hosts}: ${error.name}`;
  switch (error.code) {
    case CONNECTION_LOSS:
    case SESSION_EXPIRED:
      return unreachable(hosts, `went away while ${doing}`, error);
    case AUTH_FAILED:
    case NO_AUTH:
      return new Failure(
        'WrongCredentials',
        {
          message,
          remedy:
            'give the store the right "digest" (user:password) in the platform file, or let the access list of the node allow Rekindle to create, read and delete',
        },
        { cause: error },
      );
    case NO_NODE:
      return new Failure(
        'QueueRefused',
        { message, remedy: 'the queue was removed meanwhile: repeat the step' },
        { cause: error },
      );
    case INVALID_ACL:
      return new Failure(
        'QueueRefused',
        { message, remedy: 'mend "acl" of the store in the platform file: ZooKeeper takes none of such' },
        { cause: error },
      );
    default:
      return new Failure(
        'QueueRefused',
        { message, remedy: 'look into the log of ZooKeeper, then repeat the step' },
        { cause: error },
      );
  }
}
