import { stagePackages } from './debian-packages.mjs';

/** The server, its client programs, and the libraries that they load; not Perl and the scripts for it. */
export async function stageMariadb(folder, say) {
  await stagePackages(folder, say, {
    title: 'MariaDB',
    names: ['mariadb-server-core', 'mariadb-client-core', 'mariadb-client'],
    wanted: /^(mariadb-|lib(?!.*perl|systemd))/,
  });
}
