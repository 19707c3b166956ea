import { setTimeout as sleep } from 'node:timers/promises';

/**
 * kazoo's Election: contenders are `/election/<name>/<uuid>__lock__<sequence>`, ephemeral; the lowest sequence wins.
 * Resolves when this session is elected; it stays so until the session ends. Safe to call again after a lost
 * connection: the uuid tells which contender is this session's own.
 */
export async function waitForElection(session, name, identifier, signal) {
  const folder = `/election/${name}`;
  const prefix = `${session.id}__lock__`;
  const sequence = (node) => node.slice(node.lastIndexOf('__lock__'));
  await session.makePath(folder);
  if (!(await session.children(folder)).some((node) => node.startsWith(prefix))) {
    await session.create(`${folder}/${prefix}`, identifier, { ephemeral: true, sequential: true });
  }
  for (;;) {
    const contenders = (await session.children(folder)).sort((a, b) => (sequence(a) < sequence(b) ? -1 : 1));
    if (contenders[0]?.startsWith(prefix)) return;
    await sleep(500, undefined, { signal });
  }
}
