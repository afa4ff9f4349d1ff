// The product, the recorder's statements given to Prisma instead of `pg`: what Prisma would cost is the difference.
import { buildApp } from '../../dist/app.js';
import { foldEnvironment } from '../../dist/platform/config/environment.js';
import { DatabaseService } from '../../dist/platform/database/database.service.js';

const { app, http } = await buildApp(foldEnvironment(process.env));
await app.listen(http.PORT, '127.0.0.1');
const database = app.get(DatabaseService);
Object.defineProperty(database, 'direct', { value: database.prisma });
