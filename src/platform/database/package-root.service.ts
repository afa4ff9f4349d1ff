import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of Centralita's own package.json: of the checkout (from `src` and from `dist`) or of the installed package. */
export function packageRoot(from = import.meta.dirname): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (nameOfPackage(folder) === 'centralita') return folder;
    if (folder === path.dirname(folder)) throw new Error(`No package.json of centralita above ${from}`);
  }
}

function nameOfPackage(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}
