import { join } from 'node:path';
import { ensureJavaTools, maven } from '../lib/java.mjs';

/** Puts ZooKeeper's jars into the build context. The native TLS library is left out: nothing uses it. */
export async function stageZookeeper(folder) {
  await ensureJavaTools();
  await maven([
    '-f',
    join(folder, 'pom.xml'),
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    '-DexcludeArtifactIds=netty-tcnative-boringssl-static',
    `-DoutputDirectory=${join(folder, 'lib')}`,
  ]);
}
