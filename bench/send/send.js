import path from 'node:path';
import { ask, freePort, median, runLoad, SETTING, spread, startPostgres, startServer } from '../support.js';

const HERE = import.meta.dirname;
const NUMBER = '+15550001111';
const ORGANIZATION = 'bench';
/** Sends a second while the latency is measured. */
const RATE = 20;

/** What is measured, in one run on one PostgreSQL: the product, and the call to the provider from inside the request. */
const SERVERS = {
  centralita: { file: path.join(HERE, '../../dist/cli.js'), args: ['start'], isOurs: true },
  inline: { file: path.join(HERE, 'inline.js'), args: [], isOurs: false },
};

/** SMS by `sendSms`, to a provider that answers at once. Rounds alternate their order; medians are what counts. */
export async function bench({ rounds, seconds }) {
  const postgres = await startPostgres();
  const results = Object.fromEntries(Object.keys(SERVERS).map((name) => [name, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      const names = Object.keys(SERVERS);
      for (const name of round % 2 ? names.reverse() : names) {
        const figures = await measure(postgres, SERVERS[name], seconds);
        results[name].push(figures);
        const shown = `p50 ${figures.p50.toFixed(2)} ms  ${Math.round(figures.perSecond)} sends/s`;
        console.error(`round ${round + 1}/${rounds}  ${name.padEnd(11)} ${shown}`);
      }
    }
  } finally {
    await postgres.stop();
  }
  report(results);
}

async function measure(postgres, { file, args, isOurs }, seconds) {
  const [database, providerPort] = [await postgres.createDatabase(), await freePort()];
  const server = await startServer(file, args, { DATABASE_URL: database.url, TWILIO_BASE_URL: `http://127.0.0.1:${providerPort}` });
  try {
    if (isOurs) {
      await ask(server.url, `mutation { createOrganization(name: "bench", id: "${ORGANIZATION}") { id } }`);
      await ask(server.url, `mutation { createSender(organizationId: "${ORGANIZATION}", channel: SMS, address: "${NUMBER}") { id } }`);
    }
    const before = server.cpuSeconds();
    const load = await runLoad(path.join(HERE, 'load.js'), {
      ADMIN_API_KEY: SETTING.ADMIN_API_KEY,
      ORGANIZATION,
      PORT: String(server.port),
      PROVIDER_PORT: String(providerPort),
      RATE: String(RATE),
      SECONDS: String(seconds),
    });
    if (load.again) throw new Error(`${load.again} sends reached the provider again`);
    return { ...load, cpuUs: ((server.cpuSeconds() - before) * 1e6) / load.total };
  } finally {
    await server.stop();
    await database.drop();
  }
}

function report(results) {
  const of = (name, figure) => results[name].map((round) => round[figure]);
  const titles = ['p50 ms', 'p99 ms', 'answer p50 ms', 'sends/s', 'CPU µs a send'];
  console.log(`\nfrom the mutation to the provider, ${RATE} a second; sends/s, 16 at once: median (lowest–highest)`);
  console.log(`${' '.repeat(13)}${titles.map((title) => title.padEnd(22)).join('')}`);
  for (const name of Object.keys(results)) {
    const cells = [
      ...['p50', 'p99', 'answerP50'].map((figure) => spread(of(name, figure), 2)),
      spread(of(name, 'perSecond')),
      spread(of(name, 'cpuUs')),
    ];
    console.log(name.padEnd(13) + cells.map((cell) => cell.padEnd(22)).join(''));
  }
  const ratio = (figure) => (median(of('centralita', figure)) / median(of('inline', figure))).toFixed(2);
  console.log(`centralita / inline: p50 ${ratio('p50')}, sends/s ${ratio('perSecond')}`);
}
