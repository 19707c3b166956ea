import { open, type FileHandle } from 'node:fs/promises';

/** From now on each append to a file is cut to half and fails for want of space, until the answer is called. */
export async function fillDisk(anyFile: string): Promise<() => void> {
  const handle = await open(anyFile, 'r');
  const handles = Object.getPrototypeOf(handle) as Pick<FileHandle, 'appendFile' | 'write'>;
  await handle.close();
  const { appendFile } = handles;
  handles.appendFile = async function half(this: FileHandle, data) {
    const bytes = data as Buffer;
    await this.write(bytes.subarray(0, bytes.length / 2));
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  return () => {
    handles.appendFile = appendFile;
  };
}
