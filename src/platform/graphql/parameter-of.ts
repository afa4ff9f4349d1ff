/** What a socket's `connectionParams` say by a header's name, in lower case here; they may write it in any case, as a header may be. */
export function parameterOf(parameters: Readonly<Record<string, unknown>> | undefined, header: string): unknown {
  return Object.entries(parameters ?? {}).find(([name]) => name.toLowerCase() === header)?.[1];
}
