/**
 * The packed product as a new user meets it: `node scripts/smoke.js centralita-0.1.0.tgz` installs the tarball in an empty folder outside
 * the tree, starts it there, rings one SMS through, sends one, and stops it. With the Node and the npm that are first on PATH. Exit code 1, and
 * what the server said, where anything is not as README says. Ends only what it started, by pid, and removes its folder.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const INSTALL_MS = 5 * 60_000;
const READY_MS = 2 * 60_000;
const SIMULATE_MS = 60_000;
const SEND_MS = 90_000;
/** Nobody's: in the sandbox all is well with them. */
const PERSON = '+12025550147';
const STOP_MS = 30_000;
const LATE = Symbol('late');

const [given] = process.argv.slice(2);
if (!given || !existsSync(given)) {
  console.error('Name the packed product: npm pack && node scripts/smoke.js centralita-*.tgz');
  process.exit(1);
}
const tarball = path.resolve(given);
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'centralita-smoke-')));
chmodSync(folder, 0o755); // PostgreSQL runs as another user where we are root, and keeps its data in here only if it can enter
const dataDir = path.join(folder, 'data');
const environment = { ...newcomersEnvironment(), DATA_DIR: dataDir, PORT: String(await freePort()) };
/** The programs under way: each is a process of its own whose pid we know. */
const running = new Set();

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => void cleanUp().finally(() => process.exit(code)));

try {
  await smoke();
} catch (error) {
  console.error(`smoke: FAILED: ${error.message}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

async function smoke() {
  refuseModulesAbove(folder);
  const node = await finished(launch('node', ['--version']), SIMULATE_MS);
  say(`Node ${node.output.trim()}, in ${folder}`);

  await timed('npm install', async () => succeeded('npm install', launch('npm', ['install', tarball]), INSTALL_MS));
  const installed = path.join(folder, 'node_modules/centralita');
  for (const name of ['src', 'test', 'scripts', 'node_modules/typescript'])
    if (existsSync(path.join(installed, name))) throw new Error(`the packed product holds ${name}`);

  const server = launch('npx', ['centralita', 'start']);
  await timed('npx centralita start', () => becomesReady(server));
  const pids = { node: serverPid(), postgres: postmasterPid() };
  if (!pids.node || !pids.postgres) throw new Error('the running server left no pid in DATA_DIR');

  const body = `smoke ${Date.now()}`;
  const simulated = await timed('npx centralita simulate sms', () =>
    succeeded('npx centralita simulate sms', launch('npx', ['centralita', 'simulate', 'sms', '--body', body]), SIMULATE_MS),
  );
  if (!/^Received in \d+ ms:/m.test(simulated) || !simulated.includes(body) || !/^ +channel +SMS$/m.test(simulated))
    throw new Error(`simulate did not print the activity:\n${simulated}`);
  console.log(simulated.trimEnd());

  const sent = await timed('npx centralita send sms', () =>
    succeeded('npx centralita send sms', launch('npx', ['centralita', 'send', 'sms', '--to', PERSON, '--body', body]), SEND_MS),
  );
  if (!/^Accepted in \d+ ms:/m.test(sent) || !sent.includes(body) || !/^ *\d+ ms {2}← DELIVERED$/m.test(sent))
    throw new Error(`send did not print the activity and its steps:\n${sent}`);
  console.log(sent.trimEnd());

  await timed('SIGTERM', async () => {
    process.kill(pids.node, 'SIGTERM'); // not npx: it puts a shell between, which a SIGTERM ends alone
    const { code, output } = await finished(server, STOP_MS);
    if (code !== 0) throw new Error(`the server ended with ${code} at SIGTERM:\n${output}`);
  });
  for (const [name, pid] of Object.entries(pids)) if (isOurs(pid)) throw new Error(`${name} (process ${pid}) outlived the SIGTERM`);
}

/** A program in the folder, with all it says kept. */
function launch(command, args) {
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const program = { child, output: '', code: undefined };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (program.output += text));
  running.add(program);
  program.ended = new Promise((done) => {
    child.once('error', (error) => done((program.code = error.message)));
    child.once('close', (code, signal) => done((program.code ??= code ?? signal)));
  }).finally(() => running.delete(program));
  return program;
}

/** Its end, or an error when that takes longer than `ms`. */
async function finished(program, ms) {
  if ((await Promise.race([program.ended, sleep(ms, LATE, { ref: false })])) === LATE)
    throw new Error(`no end of ${program.child.spawnargs.join(' ')} within ${ms / 1000} s:\n${program.output}`);
  return program;
}

async function succeeded(name, program, ms) {
  const { code, output } = await finished(program, ms);
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
  return output;
}

async function becomesReady(server) {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(50)) {
    if (server.output.includes('Centralita is ready at')) return;
    if (server.code !== undefined) throw new Error(`the server ended with ${server.code}:\n${server.output}`);
  }
  throw new Error(`the server was not ready within ${READY_MS / 1000} s:\n${server.output}`);
}

async function timed(name, work) {
  const startedMs = performance.now();
  const result = await work();
  say(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  return result;
}

/** What is ours and still there: each by its pid. PostgreSQL is a process apart, which outlives a killed server. */
async function cleanUp() {
  const mine = [serverPid(), postmasterPid()].filter(Boolean);
  for (const { child } of running) child.kill('SIGKILL');
  for (const pid of mine) if (isOurs(pid)) process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < 100 && mine.some(isOurs); tries++) await sleep(50);
  rmSync(postgresFolder(), { recursive: true, force: true, maxRetries: 20 });
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}

function serverPid() {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, 'server.json'), 'utf8')).pid;
  } catch {
    return undefined;
  }
}

function postmasterPid() {
  try {
    return Number(readFileSync(path.join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Whether a process of ours is there. A pid may be another's by now, or of a process that is dead and not yet buried: where the system
 * shows what it is, that must name our folders.
 */
function isOurs(pid) {
  if (!isAlive(pid)) return false;
  try {
    const shown = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join('\0');
    return shown.includes(folder) || shown.includes(postgresFolder());
  } catch {
    return process.platform !== 'linux';
  }
}

/** Elsewhere, and a link here, where PostgreSQL's user could not enter. */
function postgresFolder() {
  const entry = path.join(dataDir, 'postgres');
  return existsSync(entry) ? realpathSync(entry) : entry;
}

/** Ours, without what would make this more than a newcomer's: our variables, and what `npm run` adds for its children. */
function newcomersEnvironment() {
  const ours = /^(PORT|HOST|PUBLIC_URL|CORS_ORIGINS|DATA_DIR|SANDBOX|DEBUG|LOG_LEVEL|SECRETS_KEY|NODE_ENV|NODE_OPTIONS)$/;
  const prefixed =
    /^(DATABASE_|ADMIN_|JWT_|DEFAULT_ORGANIZATION|RATE_LIMIT_|MEDIA_|S3_|RETENTION_|SEND|TWILIO_|WHATSAPP_|INIT_CWD|npm_(?!config_))/;
  const left = Object.entries(process.env).filter(
    ([name]) => !ours.test(name) && !prefixed.test(name) && name !== 'npm_config_local_prefix',
  );
  const PATH = (process.env.PATH ?? '').split(path.delimiter).filter((entry) => !/node_modules\/(\.bin|@npmcli\/)/.test(entry));
  return { ...Object.fromEntries(left), PATH: PATH.join(path.delimiter) };
}

/** npm puts the programs of every folder above on PATH: with modules there, this would prove nothing. */
function refuseModulesAbove(start) {
  for (let at = path.dirname(start); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'node_modules')))
      throw new Error(`there are node_modules in ${at}: set TMPDIR to a folder that has none above it`);
    if (at === path.dirname(at)) return;
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.once('listening', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

function say(line) {
  console.log(`smoke: ${line}`);
}
