import { randomBytes } from 'node:crypto';
import type { ContainerCreateOptions } from 'dockerode';
import { engine, gone } from '../../../stack/engine.ts';

interface Image {
  tag: string;
}

/** What runs from Rekindle's own image here. */
export interface ProductImage {
  /** Starts a container of it, on the host's network: Temporal's dev server listens on the host's loopback alone. */
  start: (options: ContainerCreateOptions) => Promise<string>;
  /** A name for a volume, which goes with the rest. */
  volume: string;
}

/** Builds the image before the tests of this file, and removes it with its containers and their volume. */
export function useProductImage(): ProductImage {
  const name = `rks-product-${randomBytes(4).toString('hex')}`;
  const tag = `rekindle-scenario:${name}`;
  const started: string[] = [];
  beforeAll(() => build(tag), 300_000);
  afterAll(async () => {
    for (const id of started) await gone(engine().getContainer(id).remove({ force: true, v: true }));
    await gone(engine().getVolume(name).remove());
    await gone(engine().getImage(tag).remove());
  });
  return {
    volume: name,
    async start({ HostConfig, ...options }) {
      const container = await engine().createContainer({
        ...options,
        name: `${name}-${started.length}`,
        Image: tag,
        HostConfig: { ...HostConfig, NetworkMode: 'host' },
      });
      started.push(container.id);
      await container.start();
      return container.id;
    },
  };
}

/** Set-up's own recipe of Rekindle's image, under a name that this test may remove again. */
async function build(tag: string): Promise<void> {
  const [list, make] = ['list', 'make'].map(
    (file) => new URL(`../../../setup/images/${file}.mjs`, import.meta.url).href,
  );
  const { imageList, productTag } = (await import(list!)) as {
    imageList: (flags: object) => Image[];
    productTag: () => string;
  };
  const { makeImage } = (await import(make!)) as {
    makeImage: (image: Image, list: Image[], say: (line: string) => void) => Promise<void>;
  };
  const images = imageList({ withProductImage: true });
  const product = images.find((image) => image.tag === productTag());
  await makeImage({ ...product, tag }, images, () => undefined);
}

/** The variables as Docker takes them. */
export const environmentOf = (variables: object): string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${String(value)}`);

/** What a command in the container prints; rejects when it fails. */
export async function inside(id: string, command: string[]): Promise<string> {
  const exec = await engine().getContainer(id).exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${command.join(' ')} ended with ${ExitCode}: ${text}`);
  return text;
}
