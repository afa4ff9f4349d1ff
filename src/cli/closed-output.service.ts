/**
 * Ends a command quietly where nobody reads on (`| head`), and in a line where what it says cannot be written (a full disk). Not for the server, which
 * goes on.
 */
export function endWithOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') console.error(`What this command says cannot be written (${error.code ?? error.message}).`);
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.stderr.on('error', () => undefined);
}
