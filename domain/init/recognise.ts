import type { SeenService } from './seen.ts';
import { companions, foreignStores, signatures, type DataKind } from './signatures.ts';

/** What a service seems to be, and by which signs; whether it is so, only itself can tell. */
export interface Recognition {
  kind: DataKind;
  signs: string[];
}

/** The last part of an image's name: without registry, folder, tag and digest. */
export function imageName(image: string): string {
  const last = image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  return (last.split(':')[0] ?? '').toLowerCase();
}

/**
 * By the image's name, or by two other signs (variables, ports, mounts), since images of one's own have any name.
 * Undefined: it is no data service that Rekindle knows.
 */
export function recognise(service: SeenService): Recognition | undefined {
  const image = imageName(service.image);
  if (isCompanion(service)) return undefined;
  for (const { kind, ...signature } of signatures) {
    const variable = service.variables.find((name) => signature.variables.test(name));
    const port = service.ports.find((one) => signature.ports.includes(one));
    const mount = service.mounts.find((path) => signature.mounts.test(path));
    const others = [
      ...(variable === undefined ? [] : [`the variable ${variable}`]),
      ...(port === undefined ? [] : [`port ${port}`]),
      ...(mount === undefined ? [] : [`data in ${mount}`]),
    ];
    const named = signature.image.test(image);
    if (named || others.length >= 2) return { kind, signs: [...(named ? [`the image ${image}`] : []), ...others] };
  }
  return undefined;
}

/** An exporter, a console, a set-up job: a client of the data services that the platform's work does not need. */
export function isCompanion({ image, service }: Pick<SeenService, 'image' | 'service'>): boolean {
  return companions.test(imageName(image)) || /exporter|kibana/.test(service.toLowerCase());
}

/** Which server's image it is, where it keeps data of its own and there is no kind of store for it. */
export function foreignStoreOf({ image }: Pick<SeenService, 'image'>): string | undefined {
  return foreignStores.exec(imageName(image))?.[0];
}

/** Rekindle's own worker and gateway are no part of the platform. */
export function isRekindle({ image }: Pick<SeenService, 'image'>): boolean {
  return imageName(image) === 'rekindle';
}
