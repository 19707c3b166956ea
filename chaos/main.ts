import { type Options, readArguments, usage } from './arguments.ts';
import { type Work, workInside } from './inside.ts';
import { runSuite } from './suite.ts';

// As bin/rekindle.mjs has it: the AWS SDK's wish for a newer Node is not news to anybody here.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const exitCodes = { content: 0, violated: 1, badInput: 2, interrupted: 130 };

async function main(args: string[]): Promise<number> {
  const [first, at, work] = args;
  if (first === 'inside' && at !== undefined && work !== undefined) {
    await workInside(at, JSON.parse(work) as Work);
    return exitCodes.content;
  }
  const options = optionsOf(args);
  if (options === undefined) return exitCodes.content;
  if (options === 'bad') return exitCodes.badInput;
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  try {
    return (await runSuite(options, interruption.signal)) ? exitCodes.content : exitCodes.violated;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write('interrupted; with --resume it goes on where it stopped\n');
    return exitCodes.interrupted;
  }
}

function optionsOf(args: string[]): Options | 'bad' | undefined {
  try {
    const options = readArguments(args);
    if (options === undefined) process.stdout.write(`${usage}\n`);
    return options;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    return 'bad';
  }
}

let code = exitCodes.violated;
try {
  code = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause)
    process.stderr.write(`  ${cause.message}\n`);
}
// Idle connections must not hold the process.
process.exit(code);
