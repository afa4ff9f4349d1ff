/** Prisma's client would take DEBUG for its own and print, among much else, DATABASE_URL with its password. It reads this where it is set before it is loaded. */
(globalThis as { DEBUG?: string }).DEBUG = '';
