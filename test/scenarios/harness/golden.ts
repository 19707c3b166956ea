import { compose, type DemoPlatform } from '../../../stack/demo-platform.ts';
import { removeContainers } from '../../../stack/removal.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { inEngineRoot } from './engine-root.ts';

// The state after the first backup, kept beside the volumes: the platform's and the S3 server's. Putting all of it back
// takes an Elasticsearch start; seeding and backing up anew would take much longer.

const volumesOf = ({ volumes, s3 }: DemoPlatform) => [...volumes.elasticsearch, ...volumes.zookeeper, s3.volume];

export async function keepGolden(platform: DemoPlatform): Promise<void> {
  await composed(platform, ['stop']);
  await platform.s3.stop();
  const copies = volumesOf(platform).map((name) => `cp -a "$root/volumes/${name}/_data" "$golden/${name}"`);
  await inEngineRoot(
    platform.project,
    ['golden="$root/rekindle-golden/$1"', 'mkdir -p "$golden"', ...copies].join('; '),
  );
  await platform.s3.start();
  await composed(platform, ['up', '-d']);
  await untilHealthy(platform);
}

/** Everything as it was when it was kept, whatever is left of the platform now. */
export async function putGoldenBack(platform: DemoPlatform): Promise<void> {
  const { project } = platform;
  await removeContainers(project);
  await platform.s3.stop();
  await composed(platform, ['up', '--no-start']);
  const swaps = volumesOf(platform).flatMap((name) => [
    `rm -rf "$root/volumes/${name}/golden"`,
    `cp -a "$root/rekindle-golden/$1/${name}" "$root/volumes/${name}/golden"`,
    `rm -rf "$root/volumes/${name}/_data"`,
    `mv "$root/volumes/${name}/golden" "$root/volumes/${name}/_data"`,
  ]);
  await inEngineRoot(project, [...swaps, forgetQuarantine].join('; '));
  await platform.s3.start();
  await composed(platform, ['up', '-d']);
  await untilHealthy(platform);
}

export async function removeGolden(project: string): Promise<void> {
  await inEngineRoot(project, `rm -rf "$root/rekindle-golden/$1"; ${forgetQuarantine}`);
}

const forgetQuarantine = [
  'rm -rf "$root"/rekindle-quarantine/*"$1"*',
  'rmdir "$root"/rekindle-golden "$root"/rekindle-quarantine 2>/dev/null || true',
].join('; ');

/** Runs the Compose tool on the platform; throws with its words when it fails. */
export async function composed(platform: DemoPlatform, args: string[]): Promise<void> {
  const { exitCode, stderr } = await compose(platform, args);
  if (exitCode !== 0) throw new Error(`Compose's ${args.join(' ')} ended with ${exitCode}:\n${stderr}`);
}
