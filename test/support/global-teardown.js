import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const { server, folder, hosts } = globalThis.centralitaTest;
  for (const host of hosts) host.kill('SIGKILL');
  await server.stop();
  for (const made of [server.home, folder]) rmSync(made, { recursive: true, force: true });
}
