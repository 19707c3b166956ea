import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../lib/command.mjs';
import { Failure } from '../lib/failure.mjs';
import { ensureJavaTools, java21, maven } from '../lib/java.mjs';

/** Puts Maven Central's Elasticsearch 9, Java 21 and our s3 plugin into the build context. */
export async function stageElasticsearch9(folder, version) {
  await ensureJavaTools();
  const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`;
  await maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  await unzip(join(folder, `elasticsearch-${version}.zip`), folder);
  const home = join(folder, 'elasticsearch');
  renameSync(join(folder, `elasticsearch-${version}`), home);
  await java21(join(home, 'jdk'));
  // This Java has no incubator modules.
  replaceIn(join(home, 'config/jvm.options'), [[/^.*--add-modules=jdk\.incubator\.vector$/m, '']]);
  replaceIn(join(home, 'bin/elasticsearch-env'), [[/^ES_DISTRIBUTION_TYPE=zip$/m, 'ES_DISTRIBUTION_TYPE=docker']]);
  await buildPlugin(folder, home, version);
  for (const name of readdirSync(join(home, 'bin'))) chmodSync(join(home, 'bin', name), 0o755);
  mkdirSync(join(home, 'data'));
}

/** What became of the interfaces that the plugin uses, from 8.19 to 9.2. */
const differences = {
  'S3TestBlobContainer.java': [
    [
      '    private void put(String name, RequestBody body)',
      `    @Override
    public void writeBlobAtomic(OperationPurpose purpose, String name, InputStream in, long size, boolean exists) throws IOException {
        writeBlob(purpose, name, in, size, exists);
    }

    private void put(String name, RequestBody body)`,
    ],
  ],
  'S3TestPlugin.java': [
    [
      'RepositoriesMetrics metrics)',
      'RepositoriesMetrics metrics, org.elasticsearch.repositories.SnapshotMetrics shown)',
    ],
    [
      'metadata -> new S3TestRepository(metadata, registry, cluster, bigArrays, recovery, clients)',
      '(project, metadata) -> new S3TestRepository(project, metadata, registry, cluster, bigArrays, recovery, clients, shown)',
    ],
  ],
  'S3TestRepository.java': [
    [
      'S3TestRepository(RepositoryMetadata metadata,',
      'S3TestRepository(org.elasticsearch.cluster.metadata.ProjectId project, RepositoryMetadata metadata,',
    ],
    ['S3Clients clients) {', 'S3Clients clients, org.elasticsearch.repositories.SnapshotMetrics shown) {'],
    ['super(metadata, registry', 'super(project, metadata, registry'],
    ['metadata.settings().get("base_path", "")));', 'metadata.settings().get("base_path", "")), shown);'],
  ],
};

/** Debian's Java 17 reads no classes of Java 21; Eclipse's compiler does, and runs on it. */
const compiler = 'org.eclipse.jdt:ecj:3.40.0';

async function buildPlugin(folder, home, version) {
  const source = join(folder, 's3-plugin');
  const plugin = join(home, 'plugins/repository-s3-test');
  const classes = join(folder, 'classes');
  mkdirSync(plugin, { recursive: true });
  for (const [file, changes] of Object.entries(differences)) replaceIn(join(source, 'src/s3test', file), changes);
  await maven(['-f', join(source, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${plugin}`]);
  await maven(['dependency:copy', `-Dartifact=${compiler}`, `-DoutputDirectory=${folder}`]);
  const jars = [join(home, 'lib'), plugin].flatMap((lib) =>
    readdirSync(lib).flatMap((name) => (name.endsWith('.jar') ? [join(lib, name)] : [])),
  );
  const ecj = join(folder, `ecj-${compiler.split(':').at(-1)}.jar`);
  const options = ['--release', '17', '-proc:none', '-cp', jars.join(':'), '-d', classes];
  await run('java', ['-jar', ecj, ...options, join(source, 'src')], { log: 's3-plugin-9' });
  await run('jar', ['--create', '--file', join(plugin, 'repository-s3-test.jar'), '-C', classes, '.']);
  replaceIn(join(source, 'plugin-descriptor.properties'), [
    [/^elasticsearch\.version=.*$/m, `elasticsearch.version=${version}`],
  ]);
  for (const name of ['plugin-descriptor.properties', 'entitlement-policy.yaml'])
    renameSync(join(source, name), join(plugin, name));
  for (const rest of [source, classes, ecj]) rmSync(rest, { recursive: true });
}

function replaceIn(file, changes) {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    const changed = text.replace(from, to);
    if (changed === text)
      throw new Failure(`${file} has no "${from}" to replace`, 'Adapt setup/images/elasticsearch9.mjs');
    text = changed;
  }
  writeFileSync(file, text);
}

/** Uses the JDK, which is installed, instead of `unzip`, which may not be. It drops the executable bits. */
async function unzip(archive, folder) {
  await run('jar', ['--extract', '--file', archive], { cwd: folder });
  rmSync(archive);
}
