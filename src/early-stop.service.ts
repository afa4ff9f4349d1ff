import { EmbeddedPostgres } from './platform/database/embedded-postgres.service.js';

/** SIGHUP: somebody closed the terminal. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Until the function it returns is called, a signal to stop ends the process with that exit code and leaves no PostgreSQL of ours behind, however far
 * the start has come. Once the application is made it listens for them itself.
 */
export function stopEarly(exitCode = 0): () => void {
  const stop = () => void EmbeddedPostgres.stopAll().finally(() => process.exit(exitCode));
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  };
}
