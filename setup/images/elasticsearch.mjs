import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../lib/command.mjs';
import { ensureJavaTools, maven } from '../lib/java.mjs';
import { recipeFolder } from '../lib/recipe.mjs';

/** Puts Maven Central's Elasticsearch, with our s3 plugin in it, into the build context. */
export async function stageElasticsearch(folder, version) {
  await ensureJavaTools();
  const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`;
  await maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  await unzip(join(folder, `elasticsearch-${version}.zip`), folder);
  const home = join(folder, 'elasticsearch');
  renameSync(join(folder, `elasticsearch-${version}`), home);

  await run('bash', [join(recipeFolder('elasticsearch'), 's3-plugin/build.sh'), folder], {
    env: { ES_HOME: home, ES_VERSION: version },
    log: 's3-plugin',
  });
  // The folder's name matters: Elasticsearch looks up the plugin's permissions by it.
  const plugin = join(home, 'plugins/repository-s3-test');
  mkdirSync(plugin, { recursive: true });
  await unzip(join(folder, `repository-s3-test-${version}.zip`), plugin);

  await compileOneProcess(join(folder, 'one-process'), home);

  for (const name of readdirSync(join(home, 'bin'))) chmodSync(join(home, 'bin', name), 0o755);
  mkdirSync(join(home, 'data'));
  takeSettingsFromEnvironment(join(home, 'bin/elasticsearch-env'));
}

/** The class that starts the server in the launcher's JVM; compiled against the distribution's classes. */
async function compileOneProcess(folder, home) {
  const classes = join(folder, 'classes');
  const classpath = [join(home, 'lib/*'), join(home, 'lib/tools/server-cli/*')].join(':');
  await run('javac', ['--release', '17', '-cp', classpath, '-d', classes, join(folder, 'OneProcess.java')]);
  await run('jar', ['--create', '--file', join(folder, 'one-process.jar'), '-C', classes, '.']);
  rmSync(classes, { recursive: true });
}

/** As the official image does: only a distribution of type `docker` reads settings from variables with dotted names. */
function takeSettingsFromEnvironment(script) {
  writeFileSync(
    script,
    readFileSync(script, 'utf8').replace(/^ES_DISTRIBUTION_TYPE=zip$/m, 'ES_DISTRIBUTION_TYPE=docker'),
  );
}

/** Uses the JDK, which is installed, instead of `unzip`, which may not be. It drops the executable bits. */
async function unzip(archive, folder) {
  await run('jar', ['--extract', '--file', archive], { cwd: folder });
  rmSync(archive);
}
