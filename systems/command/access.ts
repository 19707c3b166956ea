import type { ImportMode } from '../../domain/platform.ts';
import type { StreamedCommand } from '../docker/streamed/command.ts';
import { markVariable } from '../docker/streamed/marked.ts';
import type { StoreContainer } from '../docker/streamed/store-container.ts';

/** Of a store that is exported and imported by commands of the platform's own. */
export const verbs = ['export', 'import', 'count', 'verify', 'keep', 'putBack', 'release'] as const;
export type Verb = (typeof verbs)[number];

export interface OwnCommand {
  /** Program and arguments; no shell reads them. */
  command: string[];
  /** Exit codes that count as success. */
  successCodes: number[];
}

/** How such a store is reached: by its commands, within the container of its service. */
export interface CommandAccess {
  store: string;
  container: StoreContainer;
  /** As the image's user when absent. */
  user?: string;
  environment: Record<string, string>;
  /** Values of the environment that are secrets. */
  secrets: string[];
  commands: { export: OwnCommand; import: OwnCommand } & Partial<
    Record<Exclude<Verb, 'export' | 'import'>, OwnCommand>
  >;
  mode: ImportMode;
  /** Marks the run's programs in the container, by which what a dead worker left is found. */
  application: string;
}

/**
 * Runs a command whose exit codes mean what the platform file says. It is the shell's child, and ends when the shell is ended;
 * standard input is handed on, which a shell does not do by itself.
 */
const judged = `codes=$1; shift
exec 3<&0
"$@" <&3 3<&- &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
wait "$child"; code=$?
case " $codes " in *" $code "*) exit 0 ;; esac
exit "$code"`;

/** The same, where what it prints is for people: it goes where failures are read from. */
const spoken = `exec 1>&2
${judged}`;

/**
 * A command of the platform's own. It finds in its environment which run it works for, and how it is to import; `told`: what it
 * prints is a message, not data.
 */
export function own(
  { store, user, environment, secrets, mode, application, ...access }: CommandAccess,
  verb: Verb,
  { run = '', told = false }: { run?: string; told?: boolean } = {},
): StreamedCommand {
  const { command = [], successCodes = [0] } = access.commands[verb] ?? {};
  return {
    command: ['sh', '-c', told ? spoken : judged, 'sh', successCodes.join(' '), ...command],
    environment: {
      ...environment,
      REKINDLE_STORE: store,
      REKINDLE_MODE: mode,
      REKINDLE_ID: run,
      [markVariable]: application,
    },
    secrets,
    what: `The ${words[verb]} command of the store ${store}`,
    ...(user !== undefined && { user }),
  };
}

const words: Record<Verb, string> = {
  export: 'export',
  import: 'import',
  count: 'count',
  verify: 'verify',
  keep: 'keep',
  putBack: 'put-back',
  release: 'release',
};

/** Says each program that is missing, a line each. */
export function programsCommand({ store, user, commands }: CommandAccess): StreamedCommand {
  const programs = [...new Set(verbs.flatMap((verb) => commands[verb]?.command[0] ?? []))];
  return {
    command: [
      'sh',
      '-c',
      'for program; do command -v "$program" >/dev/null || echo "$program"; done',
      'sh',
      ...programs,
    ],
    what: `Looking for the programs of the store ${store}`,
    ...(user !== undefined && { user }),
  };
}
