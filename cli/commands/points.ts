import { Option } from 'commander';
import type { Environment } from '../../config/environment.ts';
import type { Adoptions } from '../../operations/adopt/adopt.ts';
import { text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { assertHere, openPlatform } from '../open-platform.ts';
import { platformDesk } from '../with-desk.ts';
import { renderAdoptions, renderList, renderPoint } from '../render/points.ts';

export const points: Command = {
  usage: 'points <platform>',
  description: 'list the recovery points; needs no Temporal',
  example: 'rekindle points nuvla',
  gateway: 'works',
  options: [
    new Option('--point <point>', 'show this one in full: "latest", "proven" or an id').conflicts('adopt'),
    new Option('--adopt', 'make recovery points of snapshots that others took; Elasticsearch must answer'),
  ],
  async run(context, [platform = ''], options) {
    const point = text(options['point']);
    if (point !== undefined) return showOne(context, platform, point);
    const { environment, output } = context;
    const adoptions = options['adopt'] === true ? await adopt(environment, platform) : undefined;
    const list = await (await platformDesk(environment)).points(platform);
    const { points, unfinished, warnings } = list;
    output.document({ platform, ...adoptions, points, unfinished, warnings });
    if (adoptions) output.say(`${renderAdoptions(adoptions)}\n`);
    output.say(renderList(platform, list, Date.now()));
    return exitCodes.passed;
  },
};

async function adopt(environment: Environment, platform: string): Promise<Adoptions> {
  assertHere(environment, '--adopt');
  const { adoptSnapshots } = await import('../../operations/adopt/adopt.ts');
  return adoptSnapshots(await openPlatform(environment, platform));
}

async function showOne({ environment, output }: CommandContext, platform: string, name: string): CommandResult {
  const point = await (await platformDesk(environment)).point(platform, name);
  output.document({ platform, point: point.summary, ...point, summary: undefined });
  output.say(renderPoint(point, Date.now()));
  return exitCodes.passed;
}
