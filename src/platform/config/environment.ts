/** The variables a process was started with, later layers already folded in: process, `.env.local`, `.env`, the sandbox's. */
export type Environment = Readonly<Record<string, string>>;

/** Folds layers, the first that gives a variable a value wins; an empty value gives none, and unsets none of a later layer. */
export function foldEnvironment(...layers: readonly Readonly<Record<string, string | undefined>>[]): Environment {
  const folded: Record<string, string> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value !== undefined && value.trim() !== '' && !(name in folded)) folded[name] = value.trim();
    }
  }
  return folded;
}
