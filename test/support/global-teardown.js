import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const server = globalThis.centralitaTestServer;
  await server.stop();
  rmSync(server.home, { recursive: true, force: true });
}
