import { stagePackages } from './debian-packages.mjs';

/** The server, its programs, and the libraries that they load; not what starts it on a machine. */
export async function stageRedis(folder, say) {
  await stagePackages(folder, say, {
    title: 'Redis',
    names: ['redis-server', 'redis-tools'],
    wanted: /^(redis-|lib(?!systemd))/,
  });
}
