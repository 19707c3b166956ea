import { Option } from 'commander';
import { text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';
import { renderAdoptions, renderList, renderPoint } from '../render/points.ts';

export const points: Command = {
  usage: 'points <platform>',
  description: 'list the recovery points; needs no Temporal',
  example: 'rekindle points nuvla',
  options: [
    new Option('--point <point>', 'show this one in full: "latest", "proven" or an id').conflicts('adopt'),
    new Option('--adopt', 'make recovery points of snapshots that others took; Elasticsearch must answer'),
  ],
  async run(context, [platform = ''], options) {
    const point = text(options['point']);
    if (point !== undefined) return showOne(context, platform, point);
    const { environment, output } = context;
    const open = await openPlatform(environment, platform);
    const { adoptSnapshots } = await import('../../operations/adopt/adopt.ts');
    const adoptions = options['adopt'] === true ? await adoptSnapshots(open) : undefined;
    const list = await open.catalogue.listPoints();
    const { points, unfinished, warnings } = list;
    output.document({ platform, ...adoptions, points, unfinished, warnings });
    if (adoptions) output.say(`${renderAdoptions(adoptions)}\n`);
    output.say(renderList(platform, list, Date.now()));
    return exitCodes.passed;
  },
};

async function showOne({ environment, output }: CommandContext, platform: string, name: string): CommandResult {
  const { pointNamed } = await import('../../operations/recovery-points/point-choice.ts');
  const { readPointInFull } = await import('../../operations/recovery-points/read-point.ts');
  const open = await openPlatform(environment, platform);
  const point = await readPointInFull(open, await pointNamed(open, name));
  output.document({ platform, point: point.summary, ...point, summary: undefined });
  output.say(renderPoint(point, Date.now()));
  return exitCodes.passed;
}
