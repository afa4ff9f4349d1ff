import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const FEED_CHANNEL = 'centralita_feed';

/** By then whoever is there has answered a newcomer, and nobody has said by itself again that it is there. */
const ANSWERED_MS = 2_500;

describe('A commit is told by NOTIFY', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let ear: pg.Client;
  let told = 0;

  beforeAll(async () => {
    server = await TestServer.start();
    norte = await createOrganization(server, 'norte');
    ear = await server.database.connect();
    ear.on('notification', ({ payload }) => (told += payload?.includes('notices') ? 1 : 0));
    await ear.query(`listen ${FEED_CHANNEL}`);
  });
  afterAll(async () => {
    await ear.end();
    await server.dispose();
  });

  /** How many notices of it there were after a moment. */
  const deliverOne = async (to = server) => {
    const before = told;
    await deliver(to, inboundSms(to, { to: norte.number }));
    await sleep(50);
    return told - before;
  };

  it('to nobody where the process is alone', () =>
    until(async () => {
      for (let i = 0; i < 5; i++) if (await deliverOne()) return false;
      return true;
    }));

  it('by a process that came later, and to it', async () => {
    const other = await TestServer.start({ besides: server });
    try {
      await sleep(ANSWERED_MS);
      expect(await deliverOne(other)).toBe(1);
      expect(await deliverOne()).toBe(1);
    } finally {
      await other.dispose();
    }
  });
});
