// The product, its set-based statements given to `pg` instead of Prisma: what Prisma costs is the difference.
import { buildApp } from '../../dist/app.js';
import { foldEnvironment } from '../../dist/platform/config/environment.js';
import { DatabaseService } from '../../dist/platform/database/database.service.js';

const { app, http } = await buildApp(foldEnvironment(process.env));
await app.listen(http.PORT, '127.0.0.1');
const database = app.get(DatabaseService);
const { pool, prisma } = database;
const names = new Map();
const query = async (sql) => {
  if (!names.has(sql.text)) names.set(sql.text, `b${names.size}`);
  return (await pool.query({ name: names.get(sql.text), text: sql.text, values: sql.values })).rows;
};
const driven = new Proxy(prisma, { get: (target, property) => (property === '$queryRaw' ? query : target[property]) });
Object.defineProperty(database, 'prisma', { value: driven });
