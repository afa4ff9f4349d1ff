import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createOrganization, type TestOrganization } from '../factories/organization.js';
import { inboundSms } from '../factories/twilio.js';
import { deliver } from '../support/post.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const FEED_CHANNEL = 'centralita_feed';

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
  const deliverOne = async () => {
    const before = told;
    await deliver(server, inboundSms(server, { to: norte.number }));
    await sleep(50);
    return told - before;
  };

  it('to nobody where the process is alone', () =>
    until(async () => {
      for (let i = 0; i < 5; i++) if (await deliverOne()) return false;
      return true;
    }));

  it('to another process from soon after it started', async () => {
    const other = await TestServer.start({ besides: server });
    try {
      await until(deliverOne, { ms: 5_000, what: 'a notice' });
    } finally {
      await other.dispose();
    }
  });
});
