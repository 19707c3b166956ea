/** An address that a service's own health check asks inside the container. */
export interface HealthAddress {
  port: number;
  path: string;
}

/**
 * The address in a health check's words (`CMD-SHELL`, `curl -f http://localhost:8080/healthz || exit 1`); undefined: it
 * asks none over plain HTTP, or one with a query, which may hold a secret.
 */
export function healthAddressOf(test: readonly string[]): HealthAddress | undefined {
  const [kind, ...words] = test;
  if (kind === undefined || kind === 'NONE') return undefined;
  const match =
    /\bhttp:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(\/[\w\-./~%]*)?(?=[\s'"|&;)]|$)/.exec(
      words.join(' '),
    );
  if (!match) return undefined;
  const port = Number(match[1] ?? 80);
  return port >= 1 && port <= 65_535 ? { port, path: match[2] ?? '/' } : undefined;
}
