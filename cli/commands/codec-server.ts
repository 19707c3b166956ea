import { Option } from 'commander';
import { text, type Command } from '../command.ts';
import { codecServerDefaults } from '../servers/codec-server-defaults.ts';

export const codecServer: Command = {
  usage: 'codec-server',
  description: 'let the Temporal UI show what is encrypted',
  example: 'rekindle codec-server --allow-origin https://temporal.example.org',
  options: [
    new Option('--listen <host:port>', 'where it answers; whoever reaches it can decrypt').default(
      codecServerDefaults.listen,
    ),
    new Option('--allow-origin <addresses>', "the UI's address; several with commas").default(
      codecServerDefaults.allowOrigin,
    ),
  ],
  async run(context, _, options) {
    const { serveCodec } = await import('../servers/serve-codec.ts');
    return serveCodec(context, { listen: text(options['listen']), allowOrigin: text(options['allowOrigin']) });
  },
};
