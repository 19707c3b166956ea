/** The port of Temporal's own samples; the UI that `rekindle up` starts. */
export const codecServerDefaults = {
  listen: '127.0.0.1:8081',
  allowOrigin: 'http://127.0.0.1:8233,http://localhost:8233',
};
