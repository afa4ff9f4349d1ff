import { describe, expect, it } from '@jest/globals';
import { ANA, AT, change, ECHO, echoes, message, messages, notification, only, TEXT, SENT } from '../../../test/factories/meta-items.js';
import { normalizeNotification } from './normalize-notification.js';

describe('a message that comes in', () => {
  it('is RECEIVED under one key, from a number to our number, and routed by the phone number id', () => {
    expect(only(messages(TEXT))).toEqual({
      index: 0,
      channel: 'WHATSAPP',
      externalId: 'wamid.A',
      ours: ['201122334455667'],
      facts: { direction: 'INBOUND', from: '+12025550147', to: '+12025550130', body: 'hola' },
      event: {
        key: 'webhook/message/in',
        kind: 'STATUS',
        status: 'RECEIVED',
        occurredAt: AT,
        error: null,
        metadata: { from_user_id: 'US.1349', type: 'text', phone_number_id: '201122334455667' },
      },
      attachments: [],
      party: {
        identities: [
          { kind: 'PHONE', value: '+12025550147' },
          { kind: 'WHATSAPP_BSUID', value: 'US.1349' },
        ],
        name: 'Ana',
      },
    });
  });

  it('says whom it answers, and keeps what else its context says', () => {
    const draft = only(messages({ ...TEXT, context: { from: '12025550130', id: 'wamid.0', forwarded: true } }));
    expect(draft.facts.replyTo).toBe('wamid.0');
    expect(draft.event.metadata.context).toEqual({ from: '12025550130', id: 'wamid.0', forwarded: true });
  });

  it('keeps the advert it came from, and the group it is in', () => {
    const referral = { source_url: 'https://fb.me/x', source_type: 'ad', source_id: '120', ctwa_clid: 'ARA' };
    const draft = only(messages({ ...TEXT, referral, group_id: 'Y2FwaV9n' }));
    expect(draft.event.metadata).toMatchObject({ referral, group_id: 'Y2FwaV9n' });
    expect([draft.facts.from, draft.toGroup, draft.party?.name]).toEqual(['+12025550147', undefined, 'Ana']);
  });

  it('of a person without a number is from the business-scoped id, absent and empty being the same', () => {
    const contacts = [{ profile: { name: 'Leo', username: '@leo' }, wa_id: '', user_id: 'US.99' }];
    for (const from of ['', null, undefined]) {
      const draft = only(normalizeNotification(notification(change({ contacts, messages: [{ ...TEXT, from, from_user_id: 'US.99' }] }))));
      expect(draft.facts.from).toBe('US.99');
      expect(draft.party).toEqual({ identities: [{ kind: 'WHATSAPP_BSUID', value: 'US.99' }], name: 'Leo' });
      expect(draft.event.metadata.profile).toEqual({ username: '@leo' });
    }
  });

  it('of whose WhatsApp id is not the number brings both', () => {
    const contacts = [{ profile: { name: 'Ixchel' }, wa_id: '5215550100147' }];
    const draft = only(
      normalizeNotification(notification(change({ contacts, messages: [{ ...TEXT, from: '525550100147', from_user_id: undefined }] }))),
    );
    expect(draft.party?.identities).toEqual([
      { kind: 'PHONE', value: '+525550100147' },
      { kind: 'WHATSAPP_ID', value: '5215550100147' },
    ]);
  });

  it('among several contacts is of the one it names', () => {
    const contacts = [{ profile: { name: 'Bob' }, wa_id: '447700900147' }, ANA];
    expect(only(normalizeNotification(notification(change({ contacts, messages: [TEXT] })))).party?.name).toBe('Ana');
    const strangers = [
      { profile: { name: 'Bob' }, wa_id: '1' },
      { profile: { name: 'Eva' }, wa_id: '2' },
    ];
    expect(only(normalizeNotification(notification(change({ contacts: strangers, messages: [TEXT] })))).party?.name).toBeUndefined();
  });

  it("a contact that stands alone is nobody else's, where a notification is about several people", () => {
    const failed = { ...SENT, id: 'wamid.F', status: 'failed', recipient_id: '447700900147', recipient_user_id: undefined };
    const { drafts } = normalizeNotification(
      notification(
        change({ contacts: [ANA], messages: [{ ...TEXT, from: '34600111222', from_user_id: undefined }], statuses: [SENT, failed] }),
      ),
    );
    expect(drafts.map(({ party }) => [party?.name, party?.identities?.map(({ value }) => value)])).toEqual([
      [undefined, ['+34600111222']],
      ['Ana', ['+12025550147', 'US.1349']],
      [undefined, ['+447700900147']],
    ]);
  });

  it.each([undefined, '', 'soon', '-5', '99999999999999999999', {}, null])('without a readable time (%j) has none', (timestamp) => {
    expect(only(messages({ ...TEXT, timestamp })).event.occurredAt).toBeNull();
  });
});

describe('what a type brings', () => {
  it.each<[string, object, string]>([
    ['image', { id: '1', mime_type: 'image/jpeg', caption: 'La avería' }, 'La avería'],
    ['video', { id: '1', mime_type: 'video/mp4', caption: 'mira' }, 'mira'],
    ['document', { id: '1', mime_type: 'application/pdf', caption: 'Contrato' }, 'Contrato'],
    ['button', { payload: 'OPTOUT', text: 'No enviar más' }, 'No enviar más'],
    ['interactive', { type: 'button_reply', button_reply: { id: 'yes', title: 'Sí' } }, 'Sí'],
    ['interactive', { type: 'list_reply', list_reply: { id: 's3', title: 'Martes', description: '30 min' } }, 'Martes'],
    ['interactive', { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":1}' } }, 'Sent'],
    ['order', { catalog_id: '7', text: 'sin prisa', product_items: [{ product_retailer_id: 'p', quantity: 2 }] }, 'sin prisa'],
  ])('%s %j: its text', (type, content, body) => {
    expect(message(type, content).facts.body).toBe(body);
  });

  it('what is not its text stays in metadata, under Meta’s names', () => {
    expect(message('button', { payload: 'OPTOUT', text: 'No' }).event.metadata.button).toEqual({ payload: 'OPTOUT' });
    const flow = { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":1}' } };
    expect(message('interactive', flow).event.metadata.interactive).toEqual({
      type: 'nfm_reply',
      nfm_reply: { name: 'flow', response_json: '{"a":1}' },
    });
    const product_items = [{ product_retailer_id: 'p', quantity: 2, item_price: 9.5, currency: 'EUR' }];
    expect(message('order', { catalog_id: '7', product_items }).event.metadata.order).toEqual({ catalog_id: '7', product_items });
    expect(message('location', { latitude: 40.4, longitude: -3.7, name: 'Oficina' }).event.metadata.location).toEqual({
      latitude: 40.4,
      longitude: -3.7,
      name: 'Oficina',
    });
    const card = [{ name: { formatted_name: 'Luis Gil' }, phones: [{ phone: '+1 202-555-0161' }] }];
    expect(only(messages({ ...TEXT, type: 'contacts', text: undefined, contacts: card })).event.metadata.contacts).toEqual(card);
  });

  it.each([
    ['audio', { id: '118', mime_type: 'audio/ogg; codecs=opus', sha256: 'y', voice: true }, { sha256: 'y', voice: true }],
    ['sticker', { id: '118', mime_type: 'image/webp', animated: false }, { animated: false }],
    ['image', { id: '118', mime_type: 'image/jpeg', url: 'https://lookaside.fbsbx.com/?mid=118&ext=1' }, undefined],
    ['hologram', { id: '118', mime_type: 'model/gltf' }, undefined],
  ])('%s: its file by its media id, never by an address that lasts minutes', (type, content, rest) => {
    const draft = message(type, content);
    expect(draft.attachments).toEqual([{ key: '118', contentType: content.mime_type, sourceUrl: '/118' }]);
    expect(draft.event.metadata[type]).toEqual(rest);
  });

  it('a file keeps its name, and needs no type; without an id there is none', () => {
    expect(message('document', { id: '1/../x', filename: 'año.pdf' }).attachments).toEqual([
      { key: '1/../x', contentType: 'application/octet-stream', fileName: 'año.pdf', sourceUrl: '/1%2F..%2Fx' },
    ]);
    expect(message('image', { mime_type: 'image/png' }).attachments).toEqual([]);
  });

  it('one that came after this code is shown with all it says', () => {
    const draft = message('hologram', { id: '1' });
    expect(draft).toMatchObject({
      externalId: 'wamid.A',
      event: { status: 'RECEIVED', metadata: { type: 'hologram', hologram: { id: '1' } } },
    });
    expect(draft.attachments).toEqual([]);
    expect(message('hologram', { id: '1' }, { text: { body: 'y más' } }).event.metadata.text).toEqual({ body: 'y más' });
  });

  it('one that WhatsApp does not pass on says why', () => {
    const errors = [{ code: 131051, title: 'Message type unknown', error_data: { details: 'Message type is currently not supported.' } }];
    expect(message('unsupported', { type: 'poll_creation' }, { errors }).event).toMatchObject({
      key: 'webhook/stand-in/in',
      status: 'RECEIVED',
      error: { code: '131051', message: 'Message type is currently not supported.' },
      metadata: { type: 'unsupported', unsupported: { type: 'poll_creation' } },
    });
  });
});

describe('what is told of another message', () => {
  const reaction = { ...TEXT, id: 'wamid.R', type: 'reaction', text: undefined, reaction: { message_id: 'wamid.0', emoji: '👍' } };

  it('a reaction is an event of that one, waits for it, and says nothing else of it', () => {
    expect(only(messages(reaction))).toEqual({
      index: 0,
      channel: 'WHATSAPP',
      externalId: 'wamid.0',
      ours: [],
      facts: {},
      event: {
        key: 'webhook/message/reaction/wamid.R',
        kind: 'REACTION',
        status: null,
        occurredAt: AT,
        error: null,
        metadata: { from_user_id: 'US.1349', type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } },
      },
      attachments: [],
      reaction: { from: '+12025550147', emoji: '👍', to: '201122334455667' },
      party: expect.objectContaining({ name: 'Ana' }),
    });
  });

  it.each([{}, { emoji: '' }, { emoji: null }])('without an emoji (%j) it was taken back', (emoji) => {
    expect(only(messages({ ...reaction, reaction: { message_id: 'wamid.0', ...emoji } })).reaction).toEqual({
      from: '+12025550147',
      emoji: null,
      to: '201122334455667',
    });
  });

  it('in a group it need not be from the one the message is with', () => {
    expect(only(messages({ ...reaction, group_id: 'G' })).party).toBeUndefined();
  });

  it('one of ours, from the phone app, is from our number', () => {
    const draft = only(echoes({ ...ECHO, type: 'reaction', text: undefined, reaction: { message_id: 'wamid.0', emoji: '❤️' } }));
    expect(draft.reaction).toEqual({ from: '+12025550130', emoji: '❤️', to: '201122334455667' });
    expect(draft.origin).toBeUndefined();
  });

  it('an edit gives it another text, and not another type', () => {
    const edit = { original_message_id: 'wamid.0', message: { type: 'image', image: { caption: 'mejor así', id: '9' } } };
    expect(only(messages({ ...TEXT, id: 'wamid.X', type: 'edit', text: undefined, edit }))).toMatchObject({
      externalId: 'wamid.0',
      ours: [],
      facts: { body: 'mejor así' },
      event: { key: 'webhook/message/edit/wamid.X', kind: 'EDITED', status: null, metadata: { edit } },
      attachments: [],
    });
  });

  it('a revocation deletes nothing, and says so', () => {
    const draft = only(messages({ ...TEXT, id: 'wamid.X', type: 'revoke', text: undefined, revoke: { original_message_id: 'wamid.0' } }));
    expect(draft).toMatchObject({
      externalId: 'wamid.0',
      ours: [],
      facts: {},
      event: { key: 'webhook/message/revoke/wamid.X', kind: 'DELETED' },
    });
    expect(draft.event.metadata).toEqual({ revoke: { original_message_id: 'wamid.0' } });
  });

  it('without that message’s id it is a problem', () => {
    expect(messages({ ...reaction, reaction: {} }).problems).toEqual([{ index: 0, message: 'reaction.message_id is missing.' }]);
  });
});

describe('a message the owner wrote in the phone app', () => {
  it('went out, as an echo, to a number or to a business-scoped id', () => {
    expect(only(echoes(ECHO))).toMatchObject({
      externalId: 'wamid.E',
      origin: 'ECHO',
      ours: ['201122334455667'],
      facts: { direction: 'OUTBOUND', from: '+12025550130', to: '+12025550147', body: 'dime' },
      event: { key: 'webhook/message/echo', status: 'SENT', occurredAt: AT },
      party: { identities: [{ kind: 'PHONE', value: '+12025550147' }] },
    });
    const scoped = only(echoes({ ...ECHO, to: undefined, to_user_id: 'US.99' }));
    expect(scoped.facts.to).toBe('US.99');
    expect(scoped.party?.identities).toEqual([{ kind: 'WHATSAPP_BSUID', value: 'US.99' }]);
  });

  it.each([{ to: 'Y2FwaV9ncm91cDox' }, { group_id: 'Y2FwaV9ncm91cDox' }])('%j, to a group, is to nobody in particular', (group) => {
    const draft = only(echoes({ ...ECHO, ...group }));
    expect([draft.toGroup, draft.party]).toEqual([true, undefined]);
    const reaction = { type: 'reaction', text: undefined, reaction: { message_id: 'wamid.0', emoji: '❤️' } };
    expect(only(echoes({ ...ECHO, ...reaction, ...group })).party).toBeUndefined();
  });

  it('may be a file, and needs somebody it is to', () => {
    expect(only(echoes({ ...ECHO, type: 'image', text: undefined, image: { id: '5', mime_type: 'image/png' } })).attachments).toHaveLength(
      1,
    );
    expect(echoes({ ...ECHO, to: '' }).problems).toEqual([{ index: 0, message: 'Neither to nor to_user_id is given.' }]);
  });
});

describe('a system message', () => {
  const system = (content: object, more: object = {}) =>
    messages({ from: '12025550147', id: 'wamid.Y', type: 'system', system: content, ...more });
  const linkOf = (...identities: object[]) => ({
    drafts: [],
    problems: [],
    links: [{ channel: 'WHATSAPP', ours: ['201122334455667'], identities }],
  });

  it('of another number joins the old and the new, and is no activity', () => {
    const changed = { type: 'user_changed_number', wa_id: '12025550148', user_id: 'US.555', previous_user_id: 'US.1349' };
    expect(system(changed)).toEqual(
      linkOf(
        { kind: 'PHONE', value: '+12025550147' },
        { kind: 'PHONE', value: '+12025550148' },
        { kind: 'WHATSAPP_BSUID', value: 'US.1349' },
        { kind: 'WHATSAPP_BSUID', value: 'US.555' },
      ),
    );
    expect(system({ type: 'customer_changed_number', new_wa_id: '12025550148' }).links).toHaveLength(1);
  });

  it('of another business-scoped id joins the two', () => {
    const changed = { type: 'user_changed_user_id', user_id: 'US.555', previous_user_id: 'US.1349' };
    expect(system(changed, { from: '', from_user_id: 'US.555' }).links![0]!.identities).toEqual([
      { kind: 'WHATSAPP_BSUID', value: 'US.1349' },
      { kind: 'WHATSAPP_BSUID', value: 'US.555' },
    ]);
  });

  it('of another field tells which id became which', () => {
    const update = { wa_id: '', detail: 'changed', user_id: { previous: 'US.1349', current: 'US.555' }, timestamp: '1795510200' };
    expect(normalizeNotification(notification(change({ user_id_update: [update] }, 'user_id_update')))).toEqual(
      linkOf({ kind: 'WHATSAPP_BSUID', value: 'US.1349' }, { kind: 'WHATSAPP_BSUID', value: 'US.555' }),
    );
    expect(normalizeNotification(notification(change({ user_id_update: [{}] }, 'user_id_update'))).problems).toHaveLength(1);
  });

  it('of anything else, or of one id alone, says nothing', () => {
    for (const content of [{ type: 'customer_identity_changed', wa_id: '1' }, { type: 'user_changed_number' }, {}])
      expect(system(content)).toEqual({ drafts: [], problems: [] });
  });
});
