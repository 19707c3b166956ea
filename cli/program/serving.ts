import { codecServerDefaults } from '../commands/codec-server-defaults.ts';
import { text, type Register } from './register.ts';

// Loaded when asked for: see register.ts.
const codecServer = () => import('../commands/codec-server.ts');
const demo = () => import('../commands/demo.ts');
const keygen = () => import('../commands/keygen.ts');
const serve = () => import('../commands/serve.ts');

/** What makes Rekindle run, and its keys. */
export function registerServing(command: Register): void {
  command(
    'demo',
    'make the demo platform, back it up, destroy it, bring it back',
    'rekindle demo --keep',
    async (context, _, options) =>
      options['remove'] === true
        ? (await demo()).removeDemo(context)
        : (await demo()).demoCommand(context, { keep: options['keep'] === true }),
  )
    .option('--keep', 'leave all of it running afterwards, and say how to go on')
    .option('--remove', 'remove what "--keep" left, or what a killed demo left behind');

  command(
    'up',
    'run worker, gateway and, without TEMPORAL_ADDRESS, a Temporal with its UI',
    'rekindle up',
    async (context) => (await serve()).upCommand(context),
  );
  command('worker', 'run the worker alone', 'TEMPORAL_ADDRESS=temporal:7233 rekindle worker', async (context) =>
    (await serve()).workerCommand(context),
  );
  command(
    'gateway',
    'serve status and metrics over HTTP',
    'REKINDLE_GATEWAY_ADDRESS=0.0.0.0:18080 rekindle gateway',
    async (context) => (await serve()).gatewayCommand(context),
  );
  command(
    'keygen [file]',
    'make the key that encrypts captures',
    'rekindle keygen',
    async (context, [file], options) =>
      options['payload'] === true
        ? (await keygen()).payloadKeygenCommand(context, file)
        : (await keygen()).keygenCommand(context, file),
  ).option('--payload', 'the key that encrypts what Temporal stores, instead');
  command(
    'codec-server',
    'let the Temporal UI show what is encrypted',
    'rekindle codec-server --allow-origin https://temporal.example.org',
    async (context, _, options) =>
      (await codecServer()).codecServerCommand(context, {
        listen: text(options['listen']),
        allowOrigin: text(options['allowOrigin']),
      }),
  )
    .option('--listen <host:port>', 'where it answers; whoever reaches it can decrypt', codecServerDefaults.listen)
    .option('--allow-origin <addresses>', "the UI's address; several with commas", codecServerDefaults.allowOrigin);
}
