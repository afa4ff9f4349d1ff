// The floor: a Fastify route that inserts one row, answers, asks the provider and notes what it said. A process that is killed in between has lost the send.
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
await pool.query(
  'create table activity (id bigint generated always as identity primary key, organization_id text, "to" text, body text, status text, external_id text, created_at timestamptz default now())',
);
const INSERT = {
  name: 'queued',
  text: `insert into activity (organization_id, "to", body, status) values ($1, $2, $3, 'QUEUED') returning id`,
};
const UPDATE = { name: 'sent', text: `update activity set status = 'SENT', external_id = $2 where id = $1` };

async function leave(id, { to, body }) {
  const answer = await fetch(`${process.env.TWILIO_BASE_URL}/2010-04-01/Accounts/AC0/Messages.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ To: to, From: '+15550001111', Body: body }),
  });
  const { sid } = await answer.json();
  await pool.query({ ...UPDATE, values: [id, sid] });
}

const app = Fastify();
app.get('/health/ready', () => 'ready');
app.post('/graphql', async ({ body }) => {
  const { input } = body.variables;
  const { rows } = await pool.query({ ...INSERT, values: [input.organizationId, input.to, input.body] });
  void leave(rows[0].id, input);
  return { data: { sendSms: { id: rows[0].id, status: 'QUEUED' } } };
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
