import { createHash, randomBytes } from 'node:crypto';
import { sweepUploads } from '../../src/core/attachments/erase-attachments.sql.js';
import { createKey } from '../factories/organization.js';
import { LATER, newNumber, newRecipient, openWindow, send, type Way } from '../factories/sends.js';
import { startContentWorld } from '../support/content-world.js';
import { ask } from '../support/graphql.js';
import { PNG } from '../support/media-host.js';
import { activityOf, makeDue, reached, requestsTo } from '../support/sent.js';
import { until } from '../support/until.js';

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300_000), Buffer.from('\n%%EOF')]);
const { server, standIn, norte, sur, upload, uploaded, fetched, mails, mail, mailSent, parametersOf, problemOf } =
  await startContentWorld();

describe('What a send carries', () => {
  describe('as files', () => {
    it('an upload goes by a link that holds for a day, which the provider fetches', async () => {
      for (const way of ['SMS', 'WHATSAPP_TWILIO', 'WHATSAPP_META'] as const) {
        const to = newNumber();
        await openWindow(standIn, norte, way, to);
        const id = await uploaded(PNG, 'application/octet-stream');
        const sent = await send(server, norte, way, to, { input: { mediaIds: [id] } });
        const { attachments } = await reached(server, norte.key, sent.id, way === 'SMS' ? 'DELIVERED' : 'READ');
        expect(attachments).toMatchObject([{ contentType: 'image/png', sizeBytes: PNG.length, state: 'READY' }]);
        const parameters = requestsTo(standIn, to)[0]!.parameters as { MediaUrl?: string; image?: { link: string } };
        const link = way === 'WHATSAPP_META' ? parameters.image!.link : parameters.MediaUrl!;
        expect(await fetched(link)).toEqual({ status: 200, type: 'image/png', bytes: PNG });
        const expiresInHours = (Number(new URL(link).searchParams.get('expires')) * 1_000 - Date.now()) / 3_600_000;
        expect([link.startsWith(server.publicUrl), expiresInHours > 23.9]).toEqual([true, true]);
      }
    });

    it('that are too many to leave at once do not stop what is due and has none', async () => {
      const file = await uploaded(PNG, 'image/png');
      const later = async (of: typeof norte, input: object = { mediaIds: [file] }) => {
        const to = newNumber();
        return { to, id: (await send(server, of, 'SMS', to, { input: { ...input, sendAt: '2099-12-23T09:00:00Z' } })).id };
      };
      const [first, free, ...others] = [
        await later(norte),
        await later(sur, {}),
        ...(await Promise.all(Array.from({ length: 25 }, () => later(norte)))),
      ];
      const claim = `update attachment set size_bytes = $2 where activity_id = any($1::uuid[])`;
      await server.database.query(claim, [[first.id], 60 << 20]);
      await server.database.query(claim, [others.map(({ id }) => id), 10 << 20]);
      standIn.misbehave({ kind: 'DELAY', ms: 5_000, times: 1, provider: 'TWILIO' });
      await makeDue(server.database, [first.id], () => -1_000);
      await until(() => requestsTo(standIn, first.to).length === 1, { what: 'the large one' });
      await makeDue(
        server.database,
        [...others, free].map(({ id }) => id),
        (i) => i - 1_000,
      );
      await until(() => requestsTo(standIn, free.to).length === 1, { ms: 3_000, what: 'the one without a file' });
      expect(others.filter(({ to }) => requestsTo(standIn, to).length)).toEqual([]);
      await until(() => others.every(({ to }) => requestsTo(standIn, to).length === 1), { what: 'the others, once there is room' });
    });

    it('an upload may leave with several sends', async () => {
      const [id, all] = [await uploaded(PNG, 'image/png'), [newNumber(), newNumber()]];
      const sent = await Promise.all(all.map((to) => send(server, norte, 'SMS', to, { input: { mediaIds: [id] } })));
      for (const { id: activity } of sent) await reached(server, norte.key, activity, 'DELIVERED');
      for (const to of all) expect((await fetched(parametersOf(to).MediaUrl!)).bytes).toEqual(PNG);
    });

    it.each<Way>(['SMS', 'WHATSAPP_TWILIO', 'WHATSAPP_META', 'EMAIL'])(
      '%s: one whose bytes are gone by then fails, and nothing leaves',
      async (way) => {
        const [id, to] = [await uploaded(PNG, 'image/png'), newRecipient(way)];
        await openWindow(standIn, norte, way, to);
        const before = [...requestsTo(standIn, to), ...mails(to)].length;
        const sent = await send(server, norte, way, to, { input: { mediaIds: [id], sendAt: LATER } });
        await server.database.query('delete from media_object where id = $1', [id]);
        await makeDue(server.database, [sent.id], () => 0);
        expect((await reached(server, norte.key, sent.id, 'FAILED')).error.code).toBe('FILE_GONE');
        expect([...requestsTo(standIn, to), ...mails(to)]).toHaveLength(before);
      },
    );

    it('an upload that nothing was sent with goes after a while, one that was stays', async () => {
      const [unused, young, used] = [await uploaded(PNG, 'image/png'), await uploaded(PNG, 'image/png'), await uploaded(PNG, 'image/png')];
      await send(server, norte, 'SMS', newNumber(), { input: { mediaIds: [used] } });
      const old = new Date(Date.now() - 3_600_000);
      await server.database.query('update attachment set created_at = $2 where id = any($1::uuid[])', [[unused, used], old]);
      const { text, values } = sweepUploads(new Date(old.getTime() + 1));
      expect(await server.database.query(text, values)).toEqual([{ count: 1 }]);
      const left = await server.database.query<{ id: string }>(
        'select id from media_object where id = any($1::uuid[]) and id in (select id from attachment)',
        [[unused, young, used]],
      );
      expect(left.map(({ id }) => id).sort()).toEqual([young, used].sort());
    });

    it('a mail carries uploads and attachments byte for byte', async () => {
      const to = newRecipient('EMAIL');
      const attachments = [{ fileName: 'factura nº 7.pdf', contentType: 'application/pdf', base64: PDF.toString('base64') }];
      const { id, request } = await mailSent(to, { mediaIds: [await uploaded(PNG, 'image/png')], attachments });
      const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
      expect(
        request.attachments.map((file: { content: string; filename: string; type: string }) => [
          file.filename,
          file.type,
          digest(Buffer.from(file.content, 'base64')),
        ]),
      ).toEqual([
        [expect.any(String), 'image/png', digest(PNG)],
        ['factura nº 7.pdf', 'application/pdf', digest(PDF)],
      ]);
      const { attachments: kept } = await activityOf(server, norte.key, id);
      expect(kept.map((file: { sizeBytes: number }) => file.sizeBytes)).toEqual([PNG.length, PDF.length]);
      const { attachment } = await ask(server, norte.key, 'query($id: ID!) { attachment(id: $id) { url } }', { id: kept[1].id });
      expect((await fetched(attachment.url)).bytes).toEqual(PDF);
    });

    it('a file of another organization, of nobody, or that is no base64, is BAD_USER_INPUT', async () => {
      const others = ((await (await upload(PNG, 'image/png', { organization: sur.id, key: sur.key })).json()) as { id: string }).id;
      for (const id of [others, '01a2153f-0000-7000-8000-000000000001', 'nonsense'])
        expect(await problemOf(send(server, norte, 'SMS', newNumber(), { input: { mediaIds: [id] } }))).toEqual([
          'BAD_USER_INPUT',
          'mediaIds.0',
        ]);
      const attachment = { fileName: 'a.pdf', contentType: 'application/pdf', base64: 'no base64!' };
      expect(await problemOf(mail(newRecipient('EMAIL'), { input: { attachments: [attachment] } }))).toEqual([
        'BAD_USER_INPUT',
        'attachments.0.base64',
      ]);
    });

    it('is taken in from who may SEND there, and from nobody else', async () => {
      const proposer = await createKey(server, norte.id, ['READ', 'DRAFT']);
      const answers = [{ key: proposer }, { key: sur.key }, { key: '' }].map(
        async (options) => (await upload(PNG, 'image/png', options)).status,
      );
      expect(await Promise.all(answers)).toEqual([403, 404, 401]);
      expect((await upload(Buffer.alloc(0), 'image/png')).status).toBe(400);
    });
  });
});
