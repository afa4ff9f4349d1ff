import { createKey, createOrganization, createSender, type TestOrganization } from '../factories/organization.js';
import { form, inboundSms, sid, smsStatus } from '../factories/twilio.js';
import { inboundWhatsApp } from '../factories/whatsapp.js';
import { allActivities, ask, gql } from '../support/graphql.js';
import { deliver, post } from '../support/post.js';
import { TestServer } from '../support/server.js';

const ANA = '+12025550147';
const LEO = 'US.99887766554433221100';
const CONTACT = 'id name externalId identities { kind value } conversation { unread awaitingReply latest { body } readUpTo }';

describe('Of the other parties of an organization', () => {
  let server: TestServer;
  let norte: TestOrganization;
  let whatsapp: string;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  beforeEach(async () => {
    norte = await createOrganization(server, 'norte');
    whatsapp = norte.number.replace('+1415', '+1628');
    await createSender(server, norte.id, whatsapp, 'WHATSAPP');
  });
  afterAll(() => server.dispose());

  const send = (...requests: readonly Parameters<typeof deliver>[1][]) => Promise.all(requests.map((request) => deliver(server, request)));
  const activities = (selection = 'id body status contact { id name }') => allActivities(server, norte.key, norte.id, selection);
  const contacts = async (search?: string) => {
    const query = `query($o: ID!, $s: String) { contacts(organizationId: $o, search: $s) { edges { node { ${CONTACT} } } } }`;
    // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the query's
    return (await ask(server, norte.key, query, { o: norte.id, s: search })).contacts.edges.map((edge: any) => edge.node) as any[];
  };
  const feed = async (variables: Record<string, unknown> = {}) => {
    const { feed: page } = await ask(
      server,
      norte.key,
      `query($o: ID!, $c: ID, $v: Boolean, $a: Cursor) { feed(organizationId: $o, contactId: $c, conversations: $v, after: $a) {
        cursor items { cursor kind contactId mergedIntoId activity { id body from contact { id } } conversation { unread } } } }`,
      { o: norte.id, ...variables },
    );
    return page;
  };
  const sms = (message: { from?: string; body?: string; sid?: string }) => inboundSms(server, { to: norte.number, from: ANA, ...message });

  it('twenty first messages at once, over two channels, make one contact', async () => {
    await send(
      ...Array.from({ length: 10 }, (_, i) => sms({ body: `sms ${i}` })),
      ...Array.from({ length: 10 }, (_, i) => inboundWhatsApp(server, { from: ANA, to: whatsapp, body: `wa ${i}`, name: 'Ana Ruiz' })),
    );
    const [only, ...others] = await contacts();
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      name: 'Ana Ruiz',
      identities: [{ kind: 'PHONE', value: ANA }],
      conversation: { unread: 20, awaitingReply: true },
    });
    expect(new Set((await activities()).map((activity) => activity.contact.id))).toEqual(new Set([only.id]));
  });

  it('somebody whom another process met is no stranger to one that has met many of them', async () => {
    const other = await TestServer.start({ besides: server });
    try {
      await deliver(other, inboundSms(other, { to: norte.number, from: ANA, body: 'to the other' }));
      await send(...Array.from({ length: 60 }, (_, i) => sms({ from: `+1202555${3000 + i}` })));
      await send(sms({ body: 'to this one' }), sms({ from: '+12025554000' }));
    } finally {
      await other.dispose();
    }
    expect(await contacts(ANA)).toEqual([expect.objectContaining({ conversation: expect.objectContaining({ unread: 2 }) })]);
    expect(await contacts('+12025554000')).toHaveLength(1);
  });

  it('withheld callers are nobody, and the same person of another organization is another contact', async () => {
    const sur = await createOrganization(server, 'sur');
    await send(sms({ from: 'anonymous' }), sms({}), inboundSms(server, { to: sur.number, from: ANA }));
    const [mine] = await contacts();
    expect((await activities()).map((activity) => activity.contact?.id ?? null).sort()).toEqual([mine.id, null].sort());
    const [theirs] = await allActivities(server, sur.key, sur.id, 'contact { id }');
    expect(theirs.contact.id).not.toBe(mine.id);
  });

  it('a message that names two identities joins their contacts: the older id stays, the other finds it', async () => {
    await send(sms({ body: 'by number' }));
    await send(inboundWhatsApp(server, { from: LEO, to: whatsapp, body: 'by user id', name: 'Leo' }));
    const [byId, byNumber] = await contacts();
    const { cursor } = await feed();
    await send(inboundWhatsApp(server, { from: LEO, to: whatsapp, body: 'by both', waId: ANA.slice(1), name: 'Leo' }));
    const [only, ...others] = await contacts();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ id: byNumber.id, name: 'Leo', conversation: { unread: 3 } });
    expect(only.identities.map((identity: { value: string }) => identity.value).sort()).toEqual([ANA, LEO]);
    expect((await ask(server, norte.key, 'query($x: ID!) { contact(id: $x) { id } }', { x: byId.id })).contact.id).toBe(byNumber.id);
    const { items } = await feed({ v: true, a: cursor });
    expect(items).toContainEqual(expect.objectContaining({ kind: 'CONTACT', contactId: byId.id, mergedIntoId: byNumber.id }));
    expect((await feed({ a: cursor })).items.map((item: { kind: string }) => item.kind)).toEqual(['CREATED']);
    expect((await feed({ c: byId.id })).items.map((item: { activity: { body: string } }) => item.activity.body)).toEqual([
      'by number',
      'by user id',
      'by both',
    ]);
  });

  it('both identities at once, and each alone, in one burst, make one contact', async () => {
    for (let round = 0; round < 5; round++) {
      const [number, user] = [`+1202555${2000 + round}`, `US.77665544332211${round}`];
      await send(
        sms({ from: number }),
        inboundWhatsApp(server, { from: user, to: whatsapp }),
        inboundWhatsApp(server, { from: user, to: whatsapp, waId: number.slice(1) }),
        sms({ from: number }),
        inboundWhatsApp(server, { from: user, to: whatsapp }),
      );
      expect(await contacts(user)).toEqual([expect.objectContaining({ conversation: expect.objectContaining({ unread: 5 }) })]);
    }
  });

  it('a name given by the organization goes before the profile, and may be taken away again', async () => {
    await send(inboundWhatsApp(server, { from: ANA, to: whatsapp, name: 'anita 🌻' }));
    const [{ id }] = await contacts();
    const rename = (variables: Record<string, unknown>) =>
      gql(
        server,
        norte.key,
        'mutation($x: ID!, $n: String, $e: String) { updateContact(id: $x, name: $n, externalId: $e) { name externalId } }',
        {
          x: id,
          ...variables,
        },
      );
    expect((await rename({ n: ' Ana Ruiz ', e: 'crm-7' })).data.updateContact).toEqual({ name: 'Ana Ruiz', externalId: 'crm-7' });
    await send(inboundWhatsApp(server, { from: ANA, to: whatsapp, name: 'anita 2' }));
    expect((await rename({})).data.updateContact).toEqual({ name: 'Ana Ruiz', externalId: 'crm-7' });
    expect((await rename({ n: null })).data.updateContact).toEqual({ name: 'anita 2', externalId: 'crm-7' });
    const tooLong = await rename({ n: 'x'.repeat(201) });
    expect([tooLong.code, tooLong.errors![0]!.extensions.field]).toEqual(['BAD_USER_INPUT', 'name']);
    expect(await contacts('CRM-7')).toHaveLength(1);
    expect(await contacts('anita 555014')).toHaveLength(1);
    expect(await contacts('100%')).toEqual([]);
  });

  it('whoever may only send does not read by what a change of a contact returns', async () => {
    await send(sms({ body: 'secret' }));
    const [{ id }] = await contacts();
    const sender = await createKey(server, norte.id, ['SEND']);
    const change = (name: string, selection: string, fragment = '') =>
      gql(server, sender, `mutation($x: ID!, $n: String) { updateContact(id: $x, name: $n) { id ${selection} } } ${fragment}`, {
        x: id,
        n: name,
      });
    const latest = await change('Ana', 'name conversation { latest { body } }');
    expect(latest.data.updateContact).toEqual({ id, name: 'Ana', conversation: null });
    for (const [selection, fragment] of [
      ['identities { value }'],
      ['... { activities { edges { node { body } } } }'],
      ['...i', 'fragment i on Contact { identities { value } }'],
    ])
      expect((await change('Eva', selection!, fragment)).code).toBe('FORBIDDEN');
    expect((await contacts())[0].name).toBe('Ana');
  });

  it('a mobile of Mexico is found by the number its message shows, and a search of too many words is refused', async () => {
    await send(inboundWhatsApp(server, { from: '+5215512345678', to: whatsapp }));
    for (const number of ['+5215512345678', '+525512345678', '5512345678']) expect(await contacts(number)).toHaveLength(1);
    const many = gql(server, norte.key, 'query($o: ID!, $s: String) { contacts(organizationId: $o, search: $s) { edges { cursor } } }', {
      o: norte.id,
      s: '+ 1 2 3 4 5 6 7 8 9 absent',
    });
    expect((await many).errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'search' });
  });

  it.each(['undelivered', 'failed'])('an answer that is %s leaves who wrote waiting', async (status) => {
    await send(sms({ body: 'hola' }));
    const message = { sid: sid('SM'), from: norte.number, to: ANA };
    const waits = async () => (await contacts())[0].conversation.awaitingReply as boolean;
    await send(smsStatus(server, { ...message, status: 'sent' }));
    expect(await waits()).toBe(false);
    await send(smsStatus(server, { ...message, status }));
    expect(await waits()).toBe(true);
  });

  it('reading a conversation goes forward alone, and is told', async () => {
    await send(sms({ body: 'one' }));
    const first = await feed();
    await send(sms({ body: 'two' }));
    const [{ id }] = await contacts();
    const read = (upTo: string) =>
      gql(server, norte.key, 'mutation($x: ID!, $u: Cursor!) { markRead(contactId: $x, upTo: $u) }', { x: id, u: upTo });
    const unread = async () => (await contacts())[0].conversation;
    expect(await unread()).toMatchObject({ unread: 2, readUpTo: null });
    expect((await read(first.cursor)).data.markRead).toBe(true);
    expect(await unread()).toMatchObject({ unread: 1, readUpTo: first.cursor });
    const second = await feed();
    await read(second.cursor);
    await read(first.cursor);
    expect(await unread()).toMatchObject({ unread: 0, readUpTo: second.cursor });
    const told = (await feed({ v: true, a: second.cursor })).items;
    expect(told).toEqual([expect.objectContaining({ kind: 'READ', contactId: id, conversation: { unread: 0 } })]);
    expect((await read('garbage')).code).toBe('BAD_USER_INPUT');
  });

  it('a hundred who read, rename and opt out at once refuse nobody, nor what comes in meanwhile', async () => {
    await send(sms({ body: 'one' }));
    const { cursor } = await feed();
    const [{ id }] = await contacts();
    const change = (i: number) =>
      i % 2
        ? gql(server, norte.key, 'mutation($x: ID!, $u: Cursor!) { markRead(contactId: $x, upTo: $u) }', { x: id, u: cursor })
        : gql(server, norte.key, 'mutation($x: ID!, $n: String) { updateContact(id: $x, name: $n) { id } }', { x: id, n: `Ana ${i}` });
    const changes = Array.from({ length: 100 }, (_, i) => change(i));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(server, sms({ body: `meanwhile ${i}` }))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await Promise.all(changes)).flatMap(({ code }) => code ?? [])).toEqual([]);
  });

  it('the inbox has each contact once, the newest first, page by page', async () => {
    for (let i = 0; i < 7; i++) await send(sms({ from: `+120255501${10 + (i % 4)}`, body: `message ${i}` }));
    const page = async (after: string | null, awaitingReply: boolean | null = null) =>
      (
        await ask(
          server,
          norte.key,
          `query($o: ID!, $a: String, $w: Boolean) { conversations(organizationId: $o, first: 3, after: $a, awaitingReply: $w) {
            edges { node { unread latest { body } } } pageInfo { hasNextPage endCursor } } }`,
          { o: norte.id, a: after, w: awaitingReply },
        )
      ).conversations;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    const bodies = [...first.edges, ...second.edges].map((edge) => edge.node.latest.body);
    expect(bodies).toEqual(['message 6', 'message 5', 'message 4', 'message 3']);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    await send(smsStatus(server, { sid: sid('SM'), status: 'sent', from: norte.number, to: '+12025550112' }));
    expect((await page(null, false)).edges).toHaveLength(1);
    expect((await page(null, true)).edges.map((edge: { node: { latest: { body: string } } }) => edge.node.latest.body)).toEqual([
      'message 5',
      'message 4',
      'message 3',
    ]);
  });

  it('two contacts are merged by hand, and what was unread stays unread', async () => {
    await send(sms({ body: 'read' }));
    const [ana] = await contacts();
    await ask(server, norte.key, 'mutation($x: ID!, $u: Cursor!) { markRead(contactId: $x, upTo: $u) }', {
      x: ana.id,
      u: (await feed()).cursor,
    });
    await send(sms({ from: '+12025550199', body: 'unread' }));
    const [other] = await contacts();
    const merge =
      'mutation($k: ID!, $m: ID!) { mergeContacts(keep: $k, merge: $m) { id conversation { unread } activities { edges { node { body } } } } }';
    const { mergeContacts } = await ask(server, norte.key, merge, { k: ana.id, m: other.id });
    expect(mergeContacts).toMatchObject({ id: ana.id, conversation: { unread: 1 } });
    expect(mergeContacts.activities.edges).toHaveLength(2);
    expect((await ask(server, norte.key, merge, { k: other.id, m: ana.id })).mergeContacts.id).toBe(ana.id);
    await send(sms({ from: '+12025550199', body: 'after' }));
    expect(await contacts()).toEqual([expect.objectContaining({ id: ana.id, conversation: expect.objectContaining({ unread: 2 }) })]);
  });

  it('who is erased takes from the ledger what told nothing and names nobody else, and nothing that waits for another', async () => {
    const sur = await createOrganization(server, 'sur');
    const [unclaimed, alsoUnclaimed] = ['+1510', '+1341'].map((prefix) => norte.number.replace('+1415', prefix)) as [string, string];
    const others = [
      [sur.number, 'SMS'],
      ['ñandú@sur.example', 'EMAIL'],
      ['s-u-r.es', 'EMAIL'],
      [`rcs:sur_${sur.number.slice(1)}_agent`, 'SMS'],
    ] as const;
    for (const [address, channel] of others.slice(1)) await createSender(server, sur.id, address, channel);
    // Words that stand in anything, and a domain that ends another.
    for (const [word, channel] of [
      ['To', 'SMS'],
      ['l.com', 'EMAIL'],
    ] as const)
      await createSender(server, sur.id, word, channel);
    const unheardOf = (more: Record<string, string>) =>
      form(server, { AccountSid: server.accountSid, To: ANA, MessageStatus: 'unheard-of', ...more });
    const [mine, nobodys] = [sid('SM'), sid('SM')];
    const theirs = others.map(([address]) => ({ address, sid: sid('SM') }));
    const waiting = inboundSms(server, { to: unclaimed, from: ANA, body: `call ${norte.number}` });
    // Its file is missing, which is a problem: it is PARTIAL, and waits nevertheless.
    const partial = form(server, {
      MessageSid: sid('SM'),
      AccountSid: server.accountSid,
      SmsStatus: 'received',
      From: ANA,
      To: alsoUnclaimed,
      Body: 'see',
      NumMedia: '1',
    });
    await send(sms({ body: 'hola' }), waiting, partial);
    await send(unheardOf({ MessageSid: mine, From: norte.number }), unheardOf({ MessageSid: nobodys, Body: 'ana@gmail.com' }));
    for (const { address, sid } of theirs)
      await send(unheardOf({ MessageSid: sid, From: norte.number, Body: `write to ${address.replace(/^s-/, 'hola@s-')}` }));

    const [{ id }] = await contacts(ANA);
    const isKept = async (needle: string) =>
      (await server.database.query("select 1 from delivery where position(convert_to($1, 'UTF8') in body) > 0", [needle])).length > 0;
    const kept = async (needles: readonly string[]) => Promise.all(needles.map(isKept));
    const all = [mine, nobodys, ...theirs.map(({ sid }) => sid), unclaimed.slice(1), alsoUnclaimed.slice(1)];
    expect(await kept(all)).toEqual(all.map(() => true));
    expect((await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: id })).eraseContact).toBe(true);
    expect(await kept(all)).toEqual([false, false, ...theirs.map(() => true), true, true]);
    for (const address of [unclaimed, alsoUnclaimed]) await createSender(server, sur.id, address);
    expect((await allActivities(server, sur.key, sur.id, 'from body')).map(({ body }) => body).sort()).toEqual([
      `call ${norte.number}`,
      'see',
    ]);
  });

  it('a list tells the shells of who was erased from what came in without words, and blanks are no name', async () => {
    await send(inboundWhatsApp(server, { from: '+12025550177', to: whatsapp, name: '  ' }), sms({ from: '+12025550178', body: '' }));
    const [{ id, name }] = await contacts('+12025550177');
    expect(name).toBeNull();
    await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: id });
    const erased = await activities('from erasedAt');
    expect(erased.map(({ from, erasedAt }) => [from, Date.parse(erasedAt) > 0])).toEqual(
      expect.arrayContaining([
        ['', true],
        ['+12025550178', false],
      ]),
    );
  });

  it('a mobile of Mexico that is erased goes from what names it by its other number', async () => {
    const [today, old] = ['+525512345679', '+5215512345679'];
    const status = { AccountSid: server.accountSid, MessageSid: sid('SM'), From: norte.number, To: old, MessageStatus: 'unheard-of' };
    await send(sms({ from: today }), form(server, status));
    const naming = async () =>
      server.database.query("select 1 from delivery where position($1 in encode(body, 'escape')) > 0", [old.slice(1)]);
    expect(await naming()).toHaveLength(1);
    const [{ id }] = await contacts(today);
    await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: id });
    expect(await naming()).toEqual([]);
  });

  it('who is erased is gone from what was forwarded from them to us, and is named by others no more', async () => {
    const ours = norte.number.replace('+1415', '+1530');
    await createSender(server, norte.id, ours, 'VOICE');
    const call = {
      AccountSid: server.accountSid,
      CallSid: sid('CA'),
      From: '+12025550166',
      To: ours,
      CallStatus: 'ringing',
      Direction: 'inbound',
    };
    await send(form(server, { ...call, ForwardedFrom: ANA, CallerCity: 'MADRID' }, '/api/webhooks/voip/twilio'), sms({ from: ANA }));
    const forwarded = async () => (await activities('from metadata events { metadata }')).filter((one) => one.from === call.From);
    expect(JSON.stringify(await forwarded())).toContain(ANA);
    const [{ id }] = await contacts(ANA);
    expect((await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: id })).eraseContact).toBe(true);
    expect(await forwarded()).toMatchObject([{ from: call.From, metadata: { CallerCity: 'MADRID' } }]);
    expect(JSON.stringify(await forwarded())).not.toContain(ANA.slice(1));
  });

  it('who is erased is gone from the call that rang on to another number, and does not come back with what it became', async () => {
    const ours = norte.number.replace('+1415', '+1510');
    await createSender(server, norte.id, ours, 'VOICE');
    const [parent, child] = [sid('CA'), sid('CA')];
    const call = (parameters: Record<string, string>) =>
      form(server, { AccountSid: server.accountSid, From: ANA, ...parameters }, '/api/webhooks/voip/twilio');
    await send(call({ CallSid: parent, To: ours, CallStatus: 'ringing', Direction: 'inbound' }));
    const rangOn = (word: string) =>
      call({ CallSid: child, ParentCallSid: parent, To: '+12025550177', CallStatus: word, Direction: 'outbound-dial', FromCity: 'MADRID' });
    await send(
      rangOn('in-progress'),
      call({ CallSid: sid('CA'), From: ours, To: '+12025550198', CallStatus: 'completed', Direction: 'outbound-api' }),
    );
    const [{ id }] = await contacts(ANA);
    expect((await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: id })).eraseContact).toBe(true);
    const left = async () => (await activities('from to status')).map(({ from, to, status }) => `${from} ${to} ${status}`).sort();
    expect(await left()).toEqual([' +12025550177 ANSWERED', '  RINGING', `${ours} +12025550198 COMPLETED`].sort());
    await send(rangOn('completed'));
    await send(rangOn('in-progress'));
    expect(await left()).toEqual([' +12025550177 COMPLETED', '  RINGING', `${ours} +12025550198 COMPLETED`].sort());
    const late = sid('CA');
    for (const word of ['ringing', 'completed'])
      await send(
        call({
          CallSid: late,
          ParentCallSid: parent,
          To: '+12025550177',
          CallStatus: word,
          Direction: 'outbound-dial',
          FromCity: 'MADRID',
        }),
      );
    expect(await left()).toHaveLength(4);
    expect(JSON.stringify(await activities('from metadata events { metadata }'))).not.toMatch(/2025550147|MADRID/);
    const list = 'query($o: ID!) { activities(organizationId: $o, filter: { participant: "" }) { edges { node { status } } } }';
    const unnamed = (await ask(server, norte.key, list, { o: norte.id })).activities.edges as { node: { status: string } }[];
    expect(unnamed.map(({ node }) => node.status)).not.toContain('RINGING');
    const kept = "select 1 from delivery where position(convert_to($1, 'UTF8') in body) > 0";
    expect(await server.database.query(kept, ['12025550177'])).toEqual([]);
  });

  it('the activities of a contact may be asked for by its own id again, and by no other', async () => {
    const other = '+12025550148';
    await send(sms({}), sms({ from: other }));
    const [[ana], [eva]] = [await contacts(ANA), await contacts(other)];
    const document = 'query($x: ID!, $f: ID) { contact(id: $x) { activities(filter: { contactId: $f }) { edges { node { from } } } } }';
    for (const f of [undefined, null, ana!.id])
      expect((await ask(server, norte.key, document, { x: ana!.id, f })).contact.activities.edges).toEqual([{ node: { from: ANA } }]);
    const refused = await gql(server, norte.key, document, { x: ana!.id, f: eva!.id });
    expect(refused.errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'contactId' });
  });

  it('what is erased is a shell, is told, and neither a late callback nor a replay brings it back', async () => {
    const status = (word: string) => smsStatus(server, { sid: message, status: word, from: norte.number, to: ANA });
    const message = sid('SM');
    await send(
      sms({ body: 'secreto', sid: 'SM00000000000000000000000000000001' }),
      status('sent'),
      sms({ from: '+12025550188', body: 'another' }),
    );
    const [{ id }] = await contacts(ANA);
    const before = await feed();
    expect((await ask(server, norte.key, 'mutation($x: ID!) { eraseContact(id: $x) }', { x: id })).eraseContact).toBe(true);

    const told = (await feed({ v: true, a: before.cursor })).items;
    expect(told.map((item: { kind: string; contactId: string }) => [item.kind, item.contactId])).toEqual([
      ['ERASED', id],
      ['ERASED', id],
    ]);
    expect(told[0].activity).toMatchObject({ body: null, from: '', contact: null });
    const gone = async () => {
      const all = JSON.stringify([
        await activities('id from to body metadata status events { metadata } contact { id }'),
        await feed(),
        await contacts(),
      ]);
      expect(all).not.toMatch(/secreto|2025550147/);
      const kept = await server.database.query<{ body: string }>(
        "select convert_from(body, 'UTF8') as body from delivery where position(convert_to($1, 'UTF8') in body) > 0",
        [norte.number.slice(1)],
      );
      expect(kept).toEqual([{ body: expect.stringContaining('another') }]);
    };
    await gone();
    expect((await activities()).map((activity) => activity.body).sort()).toEqual(['another', null, null]);

    const deliveries = await server.database.query<{ id: string }>('select id from delivery where erased_at is not null');
    for (const kept of deliveries) {
      const answer = await gql(server, server.adminKey, 'mutation($x: ID!) { replayDelivery(id: $x) { state } }', { x: kept.id });
      expect(answer.code).toBe('BAD_USER_INPUT');
    }
    await send(status('delivered'), sms({ body: 'secreto', sid: 'SM00000000000000000000000000000001' }));
    await gone();
    expect((await activities()).map((activity) => activity.status).sort()).toEqual(['RECEIVED', 'RECEIVED', 'SENT']);
    expect((await gql(server, norte.key, 'query($x: ID!) { contact(id: $x) { id } }', { x: id })).code).toBe('NOT_FOUND');

    await send(sms({ body: 'back again' }));
    const [back] = await contacts(ANA);
    expect(back.id).not.toBe(id);
  });

  it('a key that only reads may mark read, and change nothing else', async () => {
    await send(sms({}));
    const [{ id }] = await contacts();
    const reader = await createKey(server, norte.id, ['READ']);
    for (const mutation of ['updateContact(id: $x, name: "x") { id }', 'mergeContacts(keep: $x, merge: $x) { id }', 'eraseContact(id: $x)'])
      expect((await gql(server, reader, `mutation($x: ID!) { ${mutation} }`, { x: id })).code).toBe('FORBIDDEN');
    const { cursor } = await feed();
    expect(
      (await gql(server, reader, 'mutation($x: ID!, $u: Cursor!) { markRead(contactId: $x, upTo: $u) }', { x: id, u: cursor })).data,
    ).toEqual({
      markRead: true,
    });
  });

  it('the newest word on consent counts, for each sender and contact', async () => {
    await send(sms({ body: 'STOP' }));
    const consents = () =>
      server.database.query<{ sender: string; opted_out: boolean }>(
        'select sender, opted_out from consent where organization_id = $1 order by sender',
        [norte.id],
      );
    expect(await consents()).toEqual([{ sender: norte.number, opted_out: true }]);
    await send(sms({ body: 'start' }));
    expect(await consents()).toEqual([{ sender: norte.number, opted_out: false }]);
    const out = 'mutation($o: ID!, $a: String!) { setOptOut(organizationId: $o, channel: SMS, address: $a, optedOut: true) }';
    expect((await ask(server, norte.key, out, { o: norte.id, a: ANA })).setOptOut).toBe(true);
    expect(await consents()).toEqual([
      { sender: '', opted_out: true },
      { sender: norte.number, opted_out: false },
    ]);
    expect((await gql(server, norte.key, out, { o: norte.id, a: '' })).errors![0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'address',
    });
  });
});
