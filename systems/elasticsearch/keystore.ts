import { Failure } from '../../domain/failures.ts';
import type { Client } from './client.ts';
import { attempt, innermostReason } from './errors.ts';

/** Runs a command on one node, as the image's user; the Docker driver supplies it. */
export type Exec = (command: string[], stdin: string) => Promise<{ exitCode: number; stdout: string; stderr: string }>;

/**
 * Puts secrets into one node's keystore, in the image's working folder, all with one start of its tool (a second or two of Java). They travel by
 * standard input, never by argument. `reloadSecureSettings` makes the running node use them.
 */
export async function giveSecrets(exec: Exec, secrets: Record<string, string>): Promise<void> {
  const names = Object.keys(secrets);
  if (names.length === 0) return;
  const unusable = names.filter((name) => secrets[name] === '' || /[\r\n]/.test(secrets[name] ?? ''));
  if (unusable.length > 0) {
    throw new Failure('MissingSecret', {
      message: `These keystore secrets are empty or have more than one line: ${unusable.join(', ')}`,
      remedy: 'Correct the files or variables that the platform file names for them',
    });
  }
  const stdin = names.map((name) => `${secrets[name] ?? ''}\n`).join('');
  const { exitCode, stderr } = await exec(['bin/elasticsearch-keystore', 'add', '--stdin', '--force', ...names], stdin);
  if (exitCode !== 0) {
    throw new Failure('ContainerFailed', {
      message: `elasticsearch-keystore ended with exit code ${exitCode}: ${innermostReason(stderr.trim())}`,
      remedy:
        "Check that the image holds elasticsearch-keystore and that its user may write the config folder's keystore",
    });
  }
}

/** Makes all nodes read their keystores again. */
export async function reloadSecureSettings(client: Client): Promise<void> {
  const answer = await attempt('reload the secure settings', () => client.nodes.reloadSecureSettings());
  for (const { name, reload_exception: failed } of Object.values(answer.nodes)) {
    if (failed === undefined) continue;
    throw new Failure('WrongCredentials', {
      message: `Node ${name} could not reload its keystore: ${failed.reason ?? failed.type}`,
      remedy: "Check the store's secrets in the platform file; access and secret key belong together",
    });
  }
}
