import { z } from 'zod';
import { hour, name, seconds, serviceName } from './common.ts';
import { optional, pathInside, throttle, withService } from './streamed.ts';

/** In the folder: `cache`, `uploads/tmp`. */
const pathBelow = z
  .string()
  .regex(
    /^(?!\.{1,2}(\/|$))[^/\0\n]+(\/(?!\.{1,2}(\/|$))[^/\0\n]+)*$/,
    'must be a path below "path", without / at its ends',
  );

export const volumeStore = z
  .strictObject({
    name,
    kind: z.literal('volume'),
    service: serviceName
      .optional()
      .describe("In whose container the volume, or folder of the host, is mounted; default: the store's name"),
    path: pathInside.describe('Of the folder in the container'),
    exclude: z
      .array(pathBelow)
      .default([])
      .describe('Paths in the folder that are left out, with all that lies in them'),
    optional,
    throttle,
    silenceSeconds: seconds.default(600).describe('So long may the engine send nothing'),
    backupTimeoutSeconds: seconds.default(6 * hour),
    restoreTimeoutSeconds: seconds.default(6 * hour),
  })
  .transform((store) => withService(store));
