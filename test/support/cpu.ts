/** What this process's own CPU spends on `work`, in ms, whatever else the machine is doing: for what must not grow with the square of its input. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
