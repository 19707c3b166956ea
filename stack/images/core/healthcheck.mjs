// Exit code 0 when the api in this container is healthy.
const answer = await fetch('http://127.0.0.1:8080/healthz', { signal: AbortSignal.timeout(4_000) }).catch(
  () => undefined,
);
process.exit(answer?.status === 200 ? 0 : 1);
