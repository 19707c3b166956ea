// What Swarm fills in of a service's spec when it makes a task, as far as a container of its own can have it.

export interface TaskInScene {
  /** The Swarm service's own name. */
  service: string;
  node: string;
  /** `NAME=value`, filled in already. */
  env: readonly string[];
  /** Values by the name of the secret. */
  secrets: Readonly<Record<string, string>>;
}

/** Of environment, host name and mounts: `{{.Node.Hostname}}`. What is not known stays as it is. */
export function fillTemplate(text: string, { service, node }: Pick<TaskInScene, 'service' | 'node'>): string {
  const known: Record<string, string> = {
    'Service.Name': service,
    'Service.ID': service,
    'Node.Hostname': node,
    'Node.ID': node,
    'Task.Slot': '1',
    'Task.Name': `${service}.1`,
    'Task.ID': `${service}.1`,
  };
  return text.replaceAll(/\{\{\s*\.(\w+\.\w+)\s*\}\}/g, (all, name: string) => known[name] ?? all);
}

/** Of a config with the template driver `golang`: environment and secrets as well. */
export function fillConfig(text: string, task: TaskInScene): string {
  const { env, secrets } = task;
  return fillTemplate(text, task).replaceAll(
    /\{\{\s*(env|secret)\s+["`]([^"`]+)["`]\s*\}\}/g,
    (all, kind: string, name: string) => {
      if (kind === 'secret') return secrets[name] ?? all;
      return env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? all;
    },
  );
}
