import { readContext } from './command-context.service.js';
import { CommandError } from './command-error.js';
import { ask, connect, type Connection, Refused } from './running-server.service.js';
import { readSince } from './since.js';

const STATES = ['PROCESSED', 'DUPLICATE', 'PARTIAL', 'UNROUTED', 'UNMATCHED', 'FAILED'];
const PAGE = 200;
/** In one request; it is one for the server's limit of rate. */
const TOGETHER = 50;

export interface ReplayOptions {
  /** By comma, in any case. */
  readonly state: string;
  readonly since?: string;
}

type Page = { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

/** Runs kept deliveries through again, by the running server. Says on stderr how far it is, and on stdout what became of them. Throws CommandError. */
export async function replay(options: ReplayOptions): Promise<void> {
  const now = new Date();
  const states = options.state.split(',').map((state) => state.trim().toUpperCase());
  const unknown = states.find((state) => !STATES.includes(state));
  if (unknown !== undefined) throw new CommandError(`--state takes ${STATES.join(', ')} by comma, not ${unknown || 'nothing'}.`);
  const since = options.since === undefined ? undefined : readSince(options.since, now);
  if (options.since !== undefined && !since)
    throw new CommandError('--since takes a time such as 2026-11-25T08:00:00Z, or how long ago: 30m, 24h, 7d.');
  const connection = await connect(readContext());
  const became = new Map<string, number>();
  let done = 0;
  const filter = { states, receivedBefore: now.toISOString(), ...(since && { receivedFrom: since.toISOString() }) };
  for await (const ids of pages(connection, filter)) {
    for (let at = 0; at < ids.length; at += TOGETHER)
      for (const state of await runAgain(connection, ids.slice(at, at + TOGETHER))) became.set(state, (became.get(state) ?? 0) + 1);
    console.error(`${(done += ids.length)} …`);
  }
  console.log(`Run through again: ${[...became.values()].reduce((sum, n) => sum + n, 0)}`);
  for (const state of STATES) if (became.has(state)) console.log(`  ${state.padEnd(9)}  ${became.get(state)!}`);
}

/** The ids of what the filter names, page by page. A delivery keeps its place whatever becomes of it. */
async function* pages(connection: Connection, filter: object): AsyncGenerator<string[]> {
  const query = `query ($filter: DeliveryFilter, $after: String) {
    deliveries(filter: $filter, first: ${PAGE}, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
  }`;
  for (let after: string | null = null; ;) {
    const { deliveries }: { deliveries: Page } = await ask(connection, query, { filter, after });
    if (deliveries.edges.length) yield deliveries.edges.map(({ node }) => node.id);
    if (!deliveries.pageInfo.hasNextPage) return;
    after = deliveries.pageInfo.endCursor;
  }
}

/** What each became; nothing of one that cannot be run, as of somebody who was erased. */
async function runAgain(connection: Connection, ids: readonly string[]): Promise<string[]> {
  try {
    return await runTogether(connection, ids);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (ids.length === 1) {
      console.error(`${ids[0]!}: ${error.message}`);
      return [];
    }
    const became: string[] = [];
    for (const id of ids) became.push(...(await runAgain(connection, [id])));
    return became;
  }
}

async function runTogether(connection: Connection, ids: readonly string[]): Promise<string[]> {
  const fields = ids.map((id, i) => `d${i}: replayDelivery(id: "${id}") { state }`);
  return Object.values(await ask<Record<string, { state: string }>>(connection, `mutation { ${fields.join(' ')} }`)).map(
    ({ state }) => state,
  );
}
