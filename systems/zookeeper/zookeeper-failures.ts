import library, { type Exception } from 'node-zookeeper-client';
import { Failure } from '../../domain/failures.ts';

const { CONNECTION_LOSS, SESSION_EXPIRED, AUTH_FAILED, NO_AUTH, NO_NODE, INVALID_ACL } = library.Exception;

/** ZooKeeper at `hosts` gave no session, or the session ended: waiting may help. */
export function unreachable(hosts: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'ZookeeperUnreachable',
    {
      message: `ZooKeeper at ${hosts} ${why}`,
      remedy: 'Start ZooKeeper, or correct its address and port in the platform file, then repeat the step',
    },
    { cause },
  );
}

/** The one table from ZooKeeper's error codes to Rekindle's failures. `doing` says what was tried: `reading /job`. */
export function zookeeperFailure(error: Exception, hosts: string, doing: string): Failure {
  const message = `ZooKeeper at ${hosts} answered ${error.name} while ${doing}`;
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
            'Correct "digest" (user:password) of the store in the platform file, or grant Rekindle the rights to create, read and delete in the access list of the node',
        },
        { cause: error },
      );
    case NO_NODE:
      return new Failure(
        'QueueRefused',
        { message, remedy: 'Repeat the step: the queue was removed meanwhile' },
        { cause: error },
      );
    case INVALID_ACL:
      return new Failure(
        'QueueRefused',
        { message, remedy: 'Correct "acl" of the store in the platform file: ZooKeeper does not accept it' },
        { cause: error },
      );
    default:
      return new Failure(
        'QueueRefused',
        { message, remedy: 'Read the log of ZooKeeper, then repeat the step' },
        { cause: error },
      );
  }
}
