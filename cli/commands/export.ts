import { Option } from 'commander';
import { byteSize } from '../../domain/archives/byte-size.ts';
import { Failure } from '../../domain/failures.ts';
import { bytes } from '../../domain/units.ts';
import { text, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';

export const exportCommand: Command = {
  usage: 'export <platform> <point>',
  description: 'write a recovery point into one file, with all that a restore needs but the key; needs no Temporal',
  example: 'rekindle export nuvla latest -o nuvla.tgz',
  options: [
    new Option(
      '-o, --output <file>',
      'the archive; a file that is there already is never replaced',
    ).makeOptionMandatory(),
    new Option('--with-data', "with the snapshots' files (default)").conflicts('references'),
    new Option('--references', 'without them: the archive says where they lie'),
    new Option('--with-images', 'with the images that the point was captured with: a restore then needs no registry'),
    new Option('--split <size>', 'in parts of this size: FILE.001, FILE.002; 4700MB, 2GB'),
  ],
  async run({ environment, output }, [platform = '', point = ''], options) {
    const split = text(options['split']);
    const splitBytes = split === undefined ? undefined : sizeOf(split);
    const open = await openPlatform(environment, platform);
    const { exportPoint } = await import('../../operations/archives/export-point.ts');
    const { readVersion } = await import('../../config/version.ts');
    const exported = await exportPoint(open, {
      point,
      file: text(options['output']) ?? '',
      artefacts: options['references'] === true ? 'references' : 'data',
      withImages: options['withImages'] === true,
      ...(splitBytes !== undefined && { splitBytes }),
      version: await readVersion(),
    });
    const { header, files, noScript } = exported;
    const size = header.stores.reduce((sum, store) => sum + store.bytes, 0);
    output.document({ ...header, files, noScript });
    output.say(`Exported ${header.point} of ${platform}: ${files.join(', ')}`);
    output.say(
      header.artefacts === 'references'
        ? "Without the snapshots' files: the archive says where they lie"
        : `With the snapshots' files, ${bytes(size)} before compression; written, read back and verified`,
    );
    const { images = [] } = header;
    if (images.length > 0)
      output.say(`With ${images.length} images: ${images.map((image) => image.reference).join(', ')}`);
    if (noScript !== undefined) output.note(`Without a script of the plan: ${noScript}`);
    const key = header.recipient === undefined ? 'the key' : `the key ${header.recipient}`;
    output.say(`The capture in it stays encrypted: keep ${key} elsewhere`);
    return exitCodes.passed;
  },
};

/** Failure: InvalidArgument. */
function sizeOf(given: string): number {
  const size = byteSize(given);
  if (size !== undefined && size >= 1_000_000) return size;
  throw new Failure('InvalidArgument', {
    message: `--split "${given}" is no size of a part`,
    remedy: 'Write a number with its unit, at least 1MB: 650MB, 4700MB, 2GB',
  });
}
