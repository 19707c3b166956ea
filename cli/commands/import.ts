import { Option } from 'commander';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import type { Imported } from '../../operations/archives/import-archive.ts';
import type { ImportTarget } from '../../operations/archives/import-target.ts';
import { bytes } from '../../domain/units.ts';
import { text, type Command, type Options } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const importCommand: Command = {
  usage: 'import <file>',
  description: 'verify an archive and put what it holds where a restore finds it; needs no Temporal',
  example: 'rekindle import nuvla.tgz --to /srv/rekindle',
  options: [
    new Option('--to <place>', 'a folder, or s3://bucket/prefix with the keys that the environment gives for AWS'),
    new Option('--endpoint <url>', "with s3://: the server's address; default: Amazon's"),
    new Option('--region <region>', 'with s3://').default('us-east-1'),
    new Option('--images', "also load the archive's images into this machine's Docker engine"),
    new Option('--check', 'verify the archive, write nothing').conflicts(['to', 'images']),
  ],
  async run({ environment, output }, [file = ''], options) {
    const checkOnly = options['check'] === true;
    if (!checkOnly && text(options['to']) === undefined) throw noTarget();
    const { importArchive } = await import('../../operations/archives/import-archive.ts');
    const docker = options['images'] === true ? await engineOf(environment) : undefined;
    const imported = await importArchive(
      file,
      checkOnly ? undefined : (platform) => targetOf(environment, options, platform),
      docker && { docker },
    );
    const { header, files, placed } = imported;
    output.document({ ...header, ...imported });
    output.say(
      `${files.join(', ')}: the recovery point ${header.point} of ${header.platform}, exported at ${header.exportedAt}`,
    );
    output.say(`Verified: every digest, and the manifest with all that it names; ${bytes(imported.bytes)}`);
    if (header.recipient !== undefined) output.say(`Its capture is encrypted for the key ${header.recipient}`);
    for (const line of aboutImages(imported)) output.say(line);
    if (placed === undefined) return exitCodes.passed;
    for (const where of placed.where) output.say(`Written: ${where}`);
    output.say(`Written: ${placed.platformFile}`);
    for (const note of placed.notes) output.note(note);
    if (header.artefacts === 'references')
      for (const { store, snapshot, place } of header.stores)
        output.note(`The snapshot ${snapshot} of "${store}" is not in the archive: it must still lie in ${place}`);
    output.say(`Next: rekindle restore ${header.platform} --point ${header.point} --dry-run`);
    return exitCodes.passed;
  },
};

async function engineOf(environment: Environment) {
  const { dependenciesOf } = await import('../../operations/open-platform.ts');
  return dependenciesOf(environment).docker;
}

function aboutImages({ header, engineImages }: Imported): string[] {
  const { images = [] } = header;
  if (images.length === 0) return [];
  const names = `${images.length} images: ${images.map(({ reference }) => reference).join(', ')}`;
  switch (engineImages) {
    case 'loaded':
      return [`Loaded into the Docker engine: ${names}`];
    case 'present':
      return [`The Docker engine has them already, nothing was loaded: ${names}`];
    case undefined:
      return [`It holds ${names}; load them with --images, or unpack it and: cat images/* | docker load`];
  }
}

async function targetOf(environment: Environment, options: Options, platform: string): Promise<ImportTarget> {
  const to = text(options['to']) ?? '';
  const { folderTarget, bucketTarget } = await import('../../operations/archives/import-target.ts');
  const { platformsFolder, variables } = environment;
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]{3,63})(?:\/(.*))?$/.exec(to) ?? [];
  if (bucket === undefined) {
    if (to.startsWith('s3:')) throw noTarget();
    return folderTarget(to, platformsFolder, platform);
  }
  const { catalogueBucket } = await import('../../operations/access/open-bucket.ts');
  const endpoint = text(options['endpoint']);
  const region = text(options['region']) ?? 'us-east-1';
  const place = await catalogueBucket(
    { kind: 's3', bucket, prefix, region, ...(endpoint !== undefined && { endpoint }) },
    variables,
  );
  return bucketTarget(place, platformsFolder, platform);
}

function noTarget(): Failure {
  return new Failure('InvalidArgument', {
    message: 'Where the archive is to go is missing',
    remedy: 'Give --to with a folder or s3://bucket/prefix, or --check to verify the archive only',
  });
}
