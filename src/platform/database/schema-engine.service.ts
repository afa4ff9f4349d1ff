import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { reasonOf } from '../errors/reason-of.js';
import { type MigrationFiles } from './migration-files.service.js';

type Bindings = { SchemaEngine: typeof SchemaEngine; __wbg_set_wasm(exports: unknown): void } & Record<string, unknown>;

/** As much of it as is used here: its types come with those of browsers only. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: Record<string, object>): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/** A migration that PostgreSQL refused, and undid. */
export class MigrationFailed extends Error {
  constructor(
    readonly migration: string,
    readonly reason: string,
    options: ErrorOptions,
  ) {
    super(`${migration}: ${reason}`, options);
    this.name = 'MigrationFailed';
  }
}

/**
 * Applies what is missing with Prisma's own engine, compiled to WebAssembly: no binary to download, and the same
 * `_prisma_migrations` as `prisma migrate deploy`. Returns the names applied; throws MigrationFailed. Takes about 0.3 s.
 */
export async function runSchemaEngine(
  connection: pg.ClientConfig,
  schema: string | null,
  files: MigrationFiles,
): Promise<readonly string[]> {
  const bindings = await loadEngine();
  // The engine takes a lock for its session and never gives it back: its connection ends with the work.
  const pool = new pg.Pool({ ...connection, max: 1, application_name: 'centralita migrations' });
  pool.on('error', () => undefined);
  const scripts = new WholeScripts(pool, { schema: schema ?? undefined }, new Set(files.migrations.map(({ sql }) => sql)));
  try {
    const engine = await bindings.SchemaEngine.new(
      { datamodels: undefined },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(scripts),
    );
    return (await engine.applyMigrations(inputOf(files))).appliedMigrationNames;
  } catch (error) {
    const [, migration] = /migration_name="([^"]+)"/.exec(reasonOf(error)) ?? [];
    if (scripts.refusal && migration) throw new MigrationFailed(migration, reasonOf(scripts.refusal), { cause: scripts.refusal });
    throw error;
  } finally {
    await pool.end();
  }
}

function inputOf(files: MigrationFiles): Parameters<SchemaEngine['applyMigrations']>[0] {
  const migrationDirectories = files.migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
  }));
  const lockfile = { path: 'migration_lock.toml', content: files.lockFile };
  return {
    migrationsList: { baseDir: files.folder, lockfile, shadowDbInitScript: '', migrationDirectories },
    filters: { externalTables: [], externalEnums: [] },
  };
}

/** Of the one under way, which is the only one: what was left unfinished before counts as rolled back. */
const FINISH = 'update _prisma_migrations set finished_at = now() where finished_at is null and rolled_back_at is null';

/**
 * The adapter cuts a script at every `;`, also those in a comment, a text or a function, and runs the pieces one by one.
 * Sent as one, PostgreSQL reads it right and does all of it or nothing. What it refused is kept, since the engine hides it.
 *
 * A migration is marked as finished in its own transaction: the engine does so behind it, and a process that ends in between, as while its
 * migration waits for the lock of a backup, would leave one that is there and counts as failed.
 */
class WholeScripts extends PrismaPg {
  refusal: unknown;

  constructor(
    pool: pg.Pool,
    options: ConstructorParameters<typeof PrismaPg>[1],
    private readonly migrations: ReadonlySet<string>,
  ) {
    super(pool, options);
  }

  override async connect() {
    const adapter = await super.connect();
    // What nobody waits for any more must not go on waiting for a lock. PostgreSQL has it since 14, and not on every system.
    await adapter
      .underlyingDriver()
      .query(`set client_connection_check_interval = '2s'`)
      .catch(() => undefined);
    adapter.executeScript = async (script) => {
      await adapter
        .underlyingDriver()
        .query(this.migrations.has(script) ? `${script}\n;\n${FINISH}` : script)
        .catch((error: unknown) => {
          this.refusal = error;
          throw error;
        });
    };
    return adapter;
  }
}

let loaded: Promise<Bindings> | undefined;

function loadEngine(): Promise<Bindings> {
  return (loaded ??= instantiate());
}

async function instantiate(): Promise<Bindings> {
  const name = '@prisma/schema-engine-wasm/schema_engine_bg';
  const bindings = (await import(name)) as Bindings;
  const wasm = path.join(path.dirname(createRequire(import.meta.url).resolve(name)), 'schema_engine_bg.wasm');
  // Without it the engine's panics are masked by the lack of it.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => process.emitWarning(`Prisma's schema engine: ${message}`) },
  });
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': withIdleTimers(bindings) });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

/** The engine never clears its 10 s timer, which would keep the process alive that long. */
function withIdleTimers(bindings: Bindings): object {
  const idle = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs >>> 0).unref();
  return Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, name.startsWith('__wbg_setTimeout') ? idle : value]));
}
