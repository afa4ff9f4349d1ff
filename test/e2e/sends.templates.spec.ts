import { newNumber, openWindow, send, type Way } from '../factories/sends.js';
import { gql } from '../support/graphql.js';
import { startSendingWorld } from '../support/sending-world.js';
import { reached, requestsTo } from '../support/sent.js';
import { until } from '../support/until.js';

const { server, standIn, norte } = await startSendingWorld();

describe('The rules of a send', () => {
  describe('on templates', () => {
    const reminder: Record<string, { id: string; language?: string }> = {
      WHATSAPP_TWILIO: { id: `HX${'1'.padStart(32, '0')}` },
      WHATSAPP_META: { id: 'appointment_reminder', language: 'es_MX' },
    };
    const byTemplate = (way: Way, template: object, to = newNumber(), headers = {}) =>
      send(server, norte, way, to, { input: { body: undefined, template }, headers, selection: 'id body' });

    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])(
      '%s: a text with its places filled leaves, given as an object or a list',
      async (way) => {
        for (const variables of [{ 1: 'Ana', 2: 'lunes' }, ['Ana', 'lunes']]) {
          const to = newNumber();
          const { id, sent } = await byTemplate(way, { ...reminder[way], variables }, to);
          expect(sent[0].body).toMatch(/Ana.*lunes/);
          await reached(server, norte.key, id, 'READ');
          expect(standIn.accepted.find((item) => item.to.includes(to.slice(1)))).toMatchObject({ text: sent[0].body });
        }
      },
    );

    it.each([
      ['a variable that is missing', { variables: { 1: 'Ana' } }, { missing: '2' }],
      ['a variable that is empty', { variables: { 1: 'Ana', 2: '' } }, { missing: '2' }],
      ['a variable that it does not have', { variables: { 1: 'Ana', 2: 'lunes', tercera: 'x' } }, { unknown: 'tercera' }],
      ['both', { variables: { 1: 'Ana', 3: 'x' } }, { missing: '2', unknown: '3' }],
      ['no such template', { id: `HX${'9'.repeat(32)}` }, {}],
    ])('TEMPLATE_INVALID tells %s', async (_, given, details) => {
      const to = newNumber();
      const answer = await byTemplate('WHATSAPP_TWILIO', { ...reminder.WHATSAPP_TWILIO, ...given }, to);
      const { code, ...told } = answer.errors![0]!.extensions;
      expect([code, told]).toEqual(['TEMPLATE_INVALID', details]);
      expect(requestsTo(standIn, to)).toHaveLength(0);
    });

    it('TEMPLATE_INVALID names what is missing in both languages', async () => {
      const template = { ...reminder.WHATSAPP_META, variables: { 1: 'Ana', x: '1' } };
      const message = async (language: string) =>
        (await byTemplate('WHATSAPP_META', template, newNumber(), { 'accept-language': language })).errors![0]!.message;
      expect(await message('en')).toContain('(missing: 2; not in it: x)');
      expect(await message('es')).toContain('(falta: 2; no está en ella: x)');
    });

    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('%s: what was not approved leaves while the window is open alone', async (way) => {
      const to = newNumber();
      const offer = way === 'WHATSAPP_META' ? { id: 'spring_offer', language: 'en' } : { id: `HX${'5'.padStart(32, '0')}` };
      const template = { ...offer, variables: ['Ana', '20 %'] };
      const { message, extensions } = (await byTemplate(way, template, to)).errors![0]!;
      expect([extensions.code, extensions.unapproved]).toEqual(['TEMPLATE_INVALID', offer.id]);
      expect(message).toMatch(/^WhatsApp has not approved this template/);
      await openWindow(standIn, norte, way, to);
      expect((await byTemplate(way, template, to)).code).toBeUndefined();
    });

    it.each<Way>(['WHATSAPP_TWILIO', 'WHATSAPP_META'])('%s: a definition that cannot be had stops nothing', async (way) => {
      standIn.misbehave({ kind: 'ERROR', status: 500, method: 'GET', times: 0 });
      const id = way === 'WHATSAPP_META' ? 'order_update' : `HX${'3'.padStart(32, '0')}`;
      const to = newNumber();
      const answer = await byTemplate(way, { id, language: 'en', variables: { 1: 'A-1', 2: 'here' } }, to);
      expect([answer.code, answer.sent[0]?.body]).toEqual([undefined, null]);
      await until(() => requestsTo(standIn, to).length === 1);
      await reached(server, norte.key, answer.id, 'READ');
    });

    it('templates lists what a sender has, and says in words where it cannot', async () => {
      const list = (from: string) =>
        gql(
          server,
          norte.key,
          'query($o: ID!, $f: String) { templates(organizationId: $o, from: $f) { id name language body variables approved } }',
          { o: norte.id, f: from },
        );
      for (const from of [norte.whatsApp, norte.meta]) {
        const { templates } = (await list(from)).data;
        expect(templates).toContainEqual({
          id: from === norte.meta ? 'appointment_reminder' : reminder.WHATSAPP_TWILIO!.id.replace(/1$/, '2'),
          name: 'appointment_reminder',
          language: 'es_MX',
          body: expect.stringMatching(/^Hola \{\{1\}\}/),
          variables: ['1', '2'],
          approved: true,
        });
        expect(templates.find((one: { name: string }) => one.name === 'spring_offer').approved).toBe(false);
      }
      const before = standIn.requests.length;
      const aliases = Array.from({ length: 100 }, (_, i) => `a${i}: templates(organizationId: $o, from: $f) { id }`).join(' ');
      const many = await gql(server, norte.key, `query($o: ID!, $f: String) { ${aliases} }`, { o: norte.id, f: norte.meta });
      expect([Object.keys(many.data as object).length, standIn.requests.length - before]).toEqual([100, 1]);
      standIn.misbehave({ kind: 'ERROR', status: 500, method: 'GET' });
      expect(await list(norte.meta)).toMatchObject({
        code: 'PROVIDER_NOT_CONFIGURED',
        errors: [{ message: expect.stringMatching(/^The provider did not give/) }],
      });
    });
  });
});
