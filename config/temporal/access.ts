/** A text in PEM format, in a file or at hand. `from`: the variable, or the key of a profile, that gave it. */
export type Pem = { from: string } & ({ path: string } | { data: string });

/** How the connection to Temporal is encrypted, and who shows whom a certificate. */
export interface TemporalTls {
  /** The name that the server's certificate must bear; absent: the address's. */
  serverName?: string | undefined;
  /** Who signed the server's certificate; absent: one of those that Node knows. */
  authority?: Pem | undefined;
  /** Ours, for a server that demands one. Never without `key`. */
  certificate?: Pem | undefined;
  key?: Pem | undefined;
}

/** `file`: read again for new connections, and every minute while a worker runs. */
export type ApiKey = { from: string } & ({ value: string } | { file: string });

/** What a Temporal server demands of those who connect. */
export interface TemporalAccess {
  /** Absent: the connection is not encrypted. */
  tls?: TemporalTls;
  apiKey?: ApiKey;
  /** Sent with each request, names in lower case. */
  headers?: Record<string, string>;
}
