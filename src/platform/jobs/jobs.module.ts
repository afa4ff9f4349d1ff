import { Global, Module } from '@nestjs/common';
import { JobsService } from './jobs.service.js';

/**
 * Jobs: what is done behind an answer, kept in the same database and committed with what it is about (`addJob`).
 * Owns the schema `graphile_worker`, which is migrated with the rest. Imports `database` and `logging`, nothing of the core.
 * Always: a job that was committed runs until its task is content, whatever process dies; while PostgreSQL is away it waits.
 */
@Global()
@Module({ providers: [JobsService], exports: [JobsService] })
export class JobsModule {}
