import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import { chosenFeatures } from '../../domain/recovery-points/features.ts';
import { checkOfFailure } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

/**
 * Whether the platform file's user can sign in to the empty Elasticsearch that the restore works on, before the feature
 * state `security` brings the users back. undefined: the platform file names no user.
 */
export function checkUser({ store, expected, user }: StoreSeen): Check | undefined {
  const name = `user ${store.name}`;
  if (store.auth?.kind === 'apiKey')
    return failed(
      name,
      'The API key cannot sign in to an empty Elasticsearch: keys are kept in the data',
      'Name a user under "auth" that an empty node has, of the file realm for instance, for the restore',
    );
  if (store.auth?.kind === 'bearer')
    return warned(
      name,
      'Whether an empty Elasticsearch knows the bearer token is not known: tokens of its own are kept in the data, unless they are a service\'s in the file "service_tokens"',
      'Make sure that it does, or name a user under "auth" that an empty node has',
    );
  if ('failure' in user) return checkOfFailure(name, user.failure);
  if ('unseen' in user || user.seen === undefined) return undefined;
  const { username = '', service } = store;
  const { elastic, containerStays } = user.seen;
  const realm = user.seen.realm ?? expected.userRealm;
  const comes = chosenFeatures(store.featureStates, expected.featureStates ?? []).some(
    (feature) => feature.name === 'security',
  );
  const after = comes ? 'the users of the backup come with the feature state security' : 'no other user is restored';
  const remedy = `Give "${service}" a user that an empty node has: ELASTIC_PASSWORD in its environment with the password that the platform file names, or a user of the file realm ("elasticsearch-users useradd", with config/users in the image or on a mount that stays) named in stores.username; then take a backup`;
  const cannot = (why: string) => failed(name, `${username} cannot sign in to an empty Elasticsearch: ${why}`, remedy);
  if (realm === 'off') return passed(name, 'Security is off');
  if (realm === 'native') return cannot(`it is a native user, which is kept in the data`);
  if (realm === 'reserved' && username !== 'elastic')
    return cannot('of the built-in users only elastic has a password there');
  if (username === 'elastic' && (realm === undefined || realm === 'reserved')) {
    if (elastic === 'different')
      return cannot(`its first password, as "${service}" sets it, is not the one of the platform file`);
    if (elastic === 'random') return cannot(`"${service}" sets no first password for it`);
    if (elastic === 'unknown')
      return warned(name, `Whether elastic has the platform file's password on an empty node is not known`, remedy);
    const origin = elastic === 'file' ? 'a file that ELASTIC_PASSWORD_FILE names' : `what "${service}" sets at first`;
    return passed(name, `The user elastic signs in to an empty node with ${origin}; ${after}`);
  }
  if (realm === undefined)
    return warned(name, `Whether the user ${username} exists on an empty node is not known`, remedy);
  if (realm === 'file' && !containerStays)
    return warned(
      name,
      `${username} is of the file realm, and the container of "${service}" will be created again`,
      'Make sure that config/users and config/users_roles are in the image or on a mount that stays',
    );
  return passed(name, `${username} is of the realm "${realm}", which is the node's configuration; ${after}`);
}
