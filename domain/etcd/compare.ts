import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { EtcdExpectedSet, EtcdMemberState } from './expected.ts';

const remedy =
  'Restore this store again, or from another recovery point; the data from before the run is still set aside';

/** What was restored, against what was backed up: one check for each member, and one for users and roles. */
export function compareEtcd(
  expected: EtcdExpectedSet,
  restored: { members: EtcdMemberState[]; users: string[]; roles: string[] },
): Check[] {
  return [...restored.members.map((member) => compareMember(expected, member)), compareUsers(expected, restored)];
}

function compareMember(expected: EtcdExpectedSet, { name, serverVersion, at, why }: EtcdMemberState): Check {
  const check = `etcd ${expected.store}/${name}`;
  const revision = `revision ${expected.revision}`;
  if (at === undefined)
    return failed(check, `Nothing can be read at ${revision}: ${why ?? 'it did not say why'}`, remedy);
  if (at.keys !== expected.keys) return failed(check, `${at.keys} keys at ${revision}, not ${expected.keys}`, remedy);
  const found = `${at.keys} keys at ${revision}`;
  // Another version may count other things into its hash, and so does one that has forgotten more.
  const reason =
    expected.hash === undefined
      ? 'a compaction ran while the backup was taken'
      : serverVersion !== expected.serverVersion
        ? `the point was taken by etcd ${expected.serverVersion}, and ${serverVersion} runs`
        : at.compactRevision !== expected.compactRevision
          ? 'a compaction has run since'
          : undefined;
  if (reason !== undefined)
    return warned(check, `${found}; no hash was compared: ${reason}`, 'Compare samples of the values by hand');
  if (at.hash !== expected.hash) return failed(check, `${found}, with another content than was backed up`, remedy);
  if (at.latest > expected.revision)
    return warned(
      check,
      `${found} with an equal hash, and ${at.latest - expected.revision} changes since`,
      'Find out who writes to etcd; a lease that ends removes its keys by itself',
    );
  return passed(check, `${found}, and the hash over keys, values and history is equal`);
}

function compareUsers(expected: EtcdExpectedSet, restored: { users: string[]; roles: string[] }): Check {
  const check = `etcd ${expected.store} users`;
  const missing = [
    ...expected.users.filter((user) => !restored.users.includes(user)).map((user) => `user ${user}`),
    ...expected.roles.filter((role) => !restored.roles.includes(role)).map((role) => `role ${role}`),
  ];
  if (missing.length > 0) return failed(check, `Missing: ${listed(missing)}`, remedy);
  return passed(check, `All ${expected.users.length} users and ${expected.roles.length} roles are there`);
}
