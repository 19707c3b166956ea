import { Argument } from 'commander';
import type { Command } from '../command.ts';

export const incidents: Command = {
  usage: 'incidents',
  description: "validate: check the incidents' file, and which of its rules an event meets; changes nothing",
  example: 'rekindle incidents validate alert.json',
  arguments: [
    new Argument('<action>', 'what to do').choices(['validate']),
    new Argument('[event]', 'file with the body of a request as an incident tool sends it; -: standard input'),
  ],
  run: async (context, [, event]) => (await import('../validate-incidents.ts')).validateIncidents(context, event),
};
