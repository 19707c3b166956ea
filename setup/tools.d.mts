/** Where set-up keeps what it made for this machine; parts are joined below it. */
export function cacheFolder(...below: string[]): string;
/** The Compose tool's command, `['docker', 'compose']` or `['docker-compose']`; undefined when there is none. */
export function composeCommand(): Promise<string[] | undefined>;
/** The `temporal` program's path; undefined when there is none (then set-up was not run, or TEMPORAL_ADDRESS is used). */
export function temporalCommand(): string | undefined;
