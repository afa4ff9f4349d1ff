#!/usr/bin/env node
// npm run bench -- ingest | batch | send [--rounds 3] [--seconds 4]
const axes = { ingest: './ingest/ingest.js', batch: './batch/batch.js', send: './send/send.js' };

const [axis, ...rest] = process.argv.slice(2);
if (!(axis in axes)) {
  console.error(`Which? npm run bench -- ${Object.keys(axes).join(' | ')} [--rounds 3] [--seconds 4]`);
  process.exit(1);
}
const option = (name, otherwise) => (rest.includes(`--${name}`) ? Number(rest[rest.indexOf(`--${name}`) + 1]) : otherwise);
const { bench } = await import(axes[axis]);
await bench({ rounds: option('rounds', 3), seconds: option('seconds', 4) });
