import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const { server, folder } = globalThis.centralitaTest;
  await server.stop();
  for (const made of [server.home, folder]) rmSync(made, { recursive: true, force: true });
}
