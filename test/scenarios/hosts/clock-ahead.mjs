// For `node --import`: this process takes the time for later than it is, by CLOCK_AHEAD_SECONDS, as on a host whose clock is off.
const ahead = Number(process.env.CLOCK_AHEAD_SECONDS ?? 0) * 1000;

globalThis.Date = new Proxy(Date, {
  construct: (real, given, newTarget) =>
    Reflect.construct(real, given.length === 0 ? [real.now() + ahead] : given, newTarget),
  get: (real, name) => (name === 'now' ? () => real.now() + ahead : Reflect.get(real, name)),
});
