import { Global, Module } from '@nestjs/common';
import { provideConfig } from '../config/config.module.js';
import { Log } from '../logging/log.service.js';
import { DatabaseConfig } from './database.config.js';
import { DatabaseService } from './database.service.js';

/**
 * The database: a PostgreSQL of one's own, or an embedded one that is started, guarded and stopped here.
 * Owns `_prisma_migrations` and DATA_DIR/postgres. Imports `config` and `logging`, nothing of the core.
 * Always: who gets DatabaseService gets a migrated database; one process for one DATA_DIR; what was committed survives a
 * crash of this process, of PostgreSQL or of the machine; a database that a newer version migrated is left alone.
 */
@Global()
@Module({
  providers: [
    provideConfig(DatabaseConfig),
    {
      provide: DatabaseService,
      useFactory: (config: DatabaseConfig, log: Log) => DatabaseService.open(config, log),
      inject: [DatabaseConfig, Log],
    },
  ],
  exports: [DatabaseConfig, DatabaseService],
})
export class DatabaseModule {}
