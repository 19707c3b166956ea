const tick = 5000;

/** Calls back when this page comes to be seen again: the tab, the network, or the device after its sleep. */
export function onWake(wake: () => void): () => void {
  const seen = () => {
    if (document.visibilityState === 'visible') wake();
  };
  let last = Date.now();
  // A device that slept says so only by the clock.
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > 4 * tick) wake();
    last = now;
  }, tick);
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', seen);
  };
}
