/** Path of Prometheus' Alertmanager, built when it is missing; undefined where that fails: `say` gets the reason. */
export function ensureAlertmanager(say: (line: string) => void): Promise<string | undefined>;
