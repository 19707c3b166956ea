import { z } from 'zod';
import { importModes } from '../../domain/command/expected.ts';
import { hour, name, seconds, serviceName, textOrSecret } from './common.ts';
import { optional, throttle, withService } from './streamed.ts';

const words = z
  .array(z.string().regex(/^[^\0]*$/, 'must hold no zero byte'), {
    error: 'expected a list of a program and its arguments, such as [policyctl, export]',
  })
  .min(1)
  .refine(([program = '']) => program.trim() !== '', { error: 'must begin with a program' })
  .refine(([program = '']) => !/\s/.test(program), {
    error: 'begins with a program and its arguments in one text; write each argument as an entry of its own',
  });

const exitCode = z.number().int().min(0).max(255);

const command = z.union(
  [
    words.transform((given) => ({ command: given, successCodes: [0] })),
    z.strictObject({
      command: words,
      successCodes: z.array(exitCode).min(1).default([0]).describe('Exit codes that count as success'),
    }),
  ],
  { error: 'expected a list of a program and its arguments, or { command: [...], successCodes: [...] }' },
);

/** Names that Rekindle itself gives to a command. */
const ownVariables = /^REKINDLE_/;

export const commandStore = z
  .strictObject({
    name,
    kind: z.literal('command'),
    service: serviceName.optional().describe("In whose container the commands run; default: the store's name"),
    user: z.string().min(1).optional().describe('Who runs them; default: as the image has it'),
    export: command.describe('Its standard output is what is backed up'),
    import: command.describe('Gets it on its standard input'),
    mode: z
      .enum(importModes)
      .default('override')
      .describe('How to import into what holds something; the command finds it in REKINDLE_MODE'),
    modes: z
      .partialRecord(z.enum(importModes), z.array(z.string()))
      .optional()
      .describe('By mode, the arguments that are added to the import command'),
    count: command.optional().describe('Prints a number, or lines of a name and a number; compared after an import'),
    verify: command.optional().describe('Ends with success when what was imported is as it should be'),
    keep: command.optional().describe('Keeps what an import will replace, once for each REKINDLE_ID'),
    putBack: command.optional().describe('Brings back what "keep" kept for REKINDLE_ID, if anything'),
    release: command.optional().describe('Removes what "keep" kept for REKINDLE_ID, if anything'),
    environment: z
      .record(
        z
          .string()
          .regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable')
          .refine((variable) => !ownVariables.test(variable), { error: 'must not begin with REKINDLE_' }),
        textOrSecret,
      )
      .default({}),
    optional,
    throttle,
    silenceSeconds: seconds.default(600).describe('So long may the export send nothing'),
    backupTimeoutSeconds: seconds.default(1 * hour),
    restoreTimeoutSeconds: seconds.default(2 * hour),
  })
  .refine(({ count, verify }) => count !== undefined || verify !== undefined, {
    path: ['verify'],
    error: 'name "count" or "verify": without either nothing proves that an import brought everything back',
  })
  .refine(
    (store) =>
      [store.keep, store.putBack, store.release].every((each) => (each === undefined) === (store.keep === undefined)),
    {
      path: ['keep'],
      error: '"keep", "putBack" and "release" belong together',
    },
  )
  .refine(({ mode, modes }) => modes === undefined || Object.hasOwn(modes, mode), {
    path: ['modes'],
    error: 'has no entry for the mode of this store; add one, with [] when the command needs no argument for it',
  })
  .transform(({ modes, ...store }) => ({
    ...withService(store),
    import: { ...store.import, command: [...store.import.command, ...(modes?.[store.mode] ?? [])] },
  }));
