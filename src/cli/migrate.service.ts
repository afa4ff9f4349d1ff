import { readContext } from './command-context.service.js';

/** Whoever runs it before something else must not take that for done. */
const INTERRUPTED = 1;

/** Brings the database to this version's schema; with `newEpoch`, also makes every cursor handed out so far end with CURSOR_EXPIRED. */
export async function migrate({ newEpoch = false }: { readonly newEpoch?: boolean }): Promise<void> {
  const [app, { stopEarly }] = await Promise.all([import('../app.js'), import('../early-stop.service.js')]);
  const { environment } = readContext();
  const listenNoMore = stopEarly(INTERRUPTED);
  const { applied, epoch } = await app.migrate(environment, { newEpoch }).finally(listenNoMore);
  console.log(applied.length ? `Applied:\n${applied.map((name) => `  ${name}`).join('\n')}` : 'The database was up to date.');
  if (epoch === 'new')
    console.log(
      'The feeds have a new epoch: restart the servers on this database, and clients that come back with a cursor of before read anew.',
    );
}
