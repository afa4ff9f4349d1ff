/** The keys of PostgreSQL's advisory locks that we take, each for one purpose. */
export const ADVISORY_LOCKS = {
  /** Applying migrations. */
  MIGRATIONS: 8_002_001,
  /** Prisma's own, which its engine takes inside that of MIGRATIONS. */
  PRISMA: 72_707_369,
  /** Held for life by the one process that owns a DATA_DIR. */
  DATA_DIR: 8_002_002,
  /** Seeding, and whoever comes first. */
  SEED: 8_002_003,
  /** Choosing the feed's epoch. */
  EPOCH: 8_002_004,
  /** The class of two-part keys by which addresses are locked. */
  ADDRESSES: 8_002,
  /** The class of two-part keys that workers hold for life. */
  JOB_WORKERS: 8_003,
} as const;
