import { Option } from 'commander';
import type { Command } from '../command.ts';

export const demo: Command = {
  usage: 'demo',
  description: 'make the demo platform, back it up, destroy it, bring it back',
  example: 'rekindle demo --keep',
  options: [
    new Option('--keep', 'leave all of it running afterwards, and say how to go on'),
    new Option('--remove', 'remove what "--keep" left, or what a killed demo left behind'),
  ],
  async run(context, _, options) {
    const { playDemo, removeDemo } = await import('../demo/story.ts');
    return options['remove'] === true ? removeDemo(context) : playDemo(context, { keep: options['keep'] === true });
  },
};
