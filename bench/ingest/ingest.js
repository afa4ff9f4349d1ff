import path from 'node:path';
import { ask, median, runLoad, spread, startPostgres, startServer } from '../support.js';

const HERE = import.meta.dirname;
const NUMBER = '+15550001111';

/** What is measured, in one run on one PostgreSQL: the product (its set-based statement driven by pg), the floor below it, and the product driven by Prisma. */
const SERVERS = {
  centralita: { file: path.join(HERE, '../../dist/cli.js'), args: ['start'], stores: true },
  'bare fastify 204': { file: path.join(HERE, 'bare-fastify.js'), args: [], stores: false },
  'driven by prisma': { file: path.join(HERE, 'driven-by-prisma.js'), args: [], stores: true },
};

/** Signed inbound SMS, 64 in flight on one organization. Rounds alternate their order; medians are what counts. */
export async function bench({ rounds, seconds }) {
  const postgres = await startPostgres();
  const results = Object.fromEntries(Object.keys(SERVERS).map((name) => [name, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      const names = Object.keys(SERVERS);
      for (const name of round % 2 ? names.reverse() : names) {
        const figures = await measure(postgres, SERVERS[name], seconds);
        results[name].push(figures);
        console.error(`round ${round + 1}/${rounds}  ${name.padEnd(17)} ${Math.round(figures.perSecond)} requests/s`);
      }
    }
  } finally {
    await postgres.stop();
  }
  report(results);
}

async function measure(postgres, { file, args, stores }, seconds) {
  const database = stores ? await postgres.createDatabase() : undefined;
  const server = await startServer(file, args, { DATABASE_URL: database?.url ?? '' });
  try {
    if (stores) {
      await ask(server.url, 'mutation { createOrganization(name: "bench", id: "bench") { id } }');
      await ask(server.url, `mutation { createSender(organizationId: "bench", channel: SMS, address: "${NUMBER}") { id } }`);
    }
    const before = server.cpuSeconds();
    const load = await runLoad(path.join(HERE, 'load.js'), {
      PORT: String(server.port),
      SECONDS: String(seconds),
      NUMBER,
      REPEATS: String(!stores),
    });
    if (load.refused) throw new Error(`${load.refused} deliveries were refused`);
    return { ...load, cpuUs: ((server.cpuSeconds() - before) * 1e6) / load.total };
  } finally {
    await server.stop();
    await database?.drop();
  }
}

function report(results) {
  const of = (name, figure) => results[name].map((round) => round[figure]);
  console.log(`\n${'median (lowest–highest)'.padEnd(26)}requests/s            p50 ms              p99 ms              CPU µs a delivery`);
  for (const name of Object.keys(results)) {
    const cells = [spread(of(name, 'perSecond')), spread(of(name, 'p50'), 1), spread(of(name, 'p99'), 1), spread(of(name, 'cpuUs'))];
    console.log(name.padEnd(26) + cells.map((cell) => cell.padEnd(20)).join('  '));
  }
  for (const name of Object.keys(results).slice(1)) {
    const ratio = (figure) => (median(of('centralita', figure)) / median(of(name, figure))).toFixed(2);
    console.log(`centralita / ${name}: requests/s ${ratio('perSecond')}, CPU a delivery ${ratio('cpuUs')}`);
  }
}
