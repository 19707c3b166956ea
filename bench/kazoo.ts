/** A Python with kazoo. Set-up is not compiled: it lies next to `dist/`, where this runs. */
export async function pythonWithKazoo(): Promise<string> {
  const file = new URL('../../setup/lib/kazoo.mjs', import.meta.url);
  const { ensureKazoo } = (await import(file.href)) as { ensureKazoo: () => Promise<string> };
  return ensureKazoo();
}
