import { stagePackages } from './debian-packages.mjs';

/** etcd and etcdctl; both are one file each. */
export async function stageEtcd(folder, say) {
  await stagePackages(folder, say, {
    title: 'etcd',
    names: ['etcd-server', 'etcd-client'],
    wanted: /^etcd-(server|client)_/,
  });
}
