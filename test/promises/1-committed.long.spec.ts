import { createOrganization } from '../factories/organization.js';
import { inboundSms, sid } from '../factories/twilio.js';
import { inParallel, post } from '../support/post.js';
import { ServerProcess } from '../support/server-process.js';

describe('A 2xx to a provider means committed, whatever ends the process', () => {
  it('a SIGTERM amid deliveries loses none that was answered 2xx, and exits 0', async () => {
    const server = await ServerProcess.start();
    const norte = await createOrganization(server);
    const ids = Array.from({ length: 200 }, () => sid('SM'));
    const stored: string[] = [];
    let exit: Promise<number | null> | undefined;
    await inParallel(ids, 16, async (id) => {
      const answer = await post(server, inboundSms(server, { sid: id, to: norte.number })).catch(() => undefined);
      if (answer?.status === 200) stored.push(id);
      if (stored.length >= 60) exit ??= server.stop();
    });
    expect(await exit).toBe(0);
    const rows = await server.database.query<{ id: string }>('select external_id as id from activity where external_id = any($1)', [
      stored,
    ]);
    expect(rows.map(({ id }) => id).sort()).toEqual(stored.sort());
    await server.dispose();
  });
});
