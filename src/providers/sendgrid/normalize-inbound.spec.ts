import { describe, expect, it } from '@jest/globals';
import { cpuMsOf } from '../../../test/support/cpu.js';
import { FORM, formOf, type Part } from '../../../test/factories/sendgrid.js';
import { bodyOf, readCase } from '../../../test/fixtures/read-cases.js';
import { type ActivityDraft } from '../../core/adapters/activity-draft.js';
import { type VerifiedDelivery } from '../../core/adapters/delivery.js';
import { fileInMail, normalizeInbound } from './normalize-inbound.js';
import { emailReference } from '../../core/adapters/email-reference.js';

const RECEIVED_AT = new Date('2026-11-24T09:00:00Z');
const HEADERS = [
  'From: =?UTF-8?Q?Ana_Ru=C3=ADz?= <Ana@Cliente.example>',
  'To: Soporte <soporte@norte.example>',
  'Message-ID: <abc@mail.cliente.example>',
  'Date: Tue, 24 Nov 2026 09:57:58 +0100 (CET)',
].join('\r\n');
const MAIL = {
  headers: HEADERS,
  from: 'Ana Ruíz <Ana@Cliente.example>',
  to: 'Soporte <soporte@norte.example>',
  subject: 'Hola',
  text: 'Buenos días',
  envelope: JSON.stringify({ to: ['soporte@norte.example'], from: 'ana@cliente.example' }),
  charsets: JSON.stringify({ to: 'UTF-8', from: 'UTF-8', subject: 'UTF-8', text: 'UTF-8', html: 'UTF-8' }),
};

const deliveryOf = (body: Buffer, contentType = FORM) =>
  ({
    url: '/api/webhooks/email/sendgrid/inbound',
    headers: { 'content-type': contentType },
    body,
    receivedAt: RECEIVED_AT,
    reading: {},
  }) as unknown as VerifiedDelivery;
const postOf = (changes: Record<string, Part | undefined> = {}) => {
  const all: Record<string, Part | undefined> = { ...MAIL, ...changes };
  const parts = Object.entries(all).filter((part): part is [string, Part] => part[1] !== undefined);
  return deliveryOf(formOf(Object.fromEntries(parts)));
};
const draftsOf = async (changes: Record<string, Part | undefined> = {}) => (await normalizeInbound(postOf(changes))).drafts;
const draftOf = async (changes: Record<string, Part | undefined> = {}): Promise<ActivityDraft> => (await draftsOf(changes))[0]!;
const raw = (...lines: string[]) => ({ headers: undefined, text: undefined, subject: undefined, email: lines.join('\r\n') });

describe('normalizeInbound', () => {
  it('whom a mail had in copy is told, where its headers alone say so, names decoded', async () => {
    const lines = [
      'From: ana@cliente.example',
      'To: soporte@norte.example',
      'Cc: Otra <otra@cliente.example>, =?UTF-8?Q?P=C3=A9rez=2C_Er=C3=ADn?= <erin@cliente.example>',
      'Cc: bea@cliente.example',
      'Message-ID: <1@x>',
    ];
    const ofHeaders = await draftOf({ headers: lines.join('\n') });
    const ofRaw = await draftOf(raw(...lines, '', 'Hola'));
    for (const { event } of [ofHeaders, ofRaw])
      expect(event.metadata).toMatchObject({
        cc: '"Otra" <otra@cliente.example>, "Pérez, Erín" <erin@cliente.example>, bea@cliente.example',
      });
  });

  it('a mail with addressees without end comes to an end, and says who wrote it', async () => {
    const copies = `Cc: ${'a:;'.repeat(330_000)}`;
    const lines = ['From: ana@cliente.example', copies, 'To: soporte@norte.example', 'Message-ID: <1@x>'];
    for (const changes of [{ headers: lines.join('\n') }, raw(...lines, '', 'Hola'), { from: `ana@cliente.example, ${copies}` }])
      expect(await cpuMsOf(async () => expect((await draftOf(changes)).facts.from).toBe('ana@cliente.example'))).toBeLessThan(1_000);
  });

  it('nor do those of its parts keep anybody waiting, and its texts and files are there', async () => {
    const part = (type: string, body: string) => ['--b', `Content-Type: ${type}`, `Cc: ${'a@b.example, '.repeat(70_000)}`, '', body];
    const head = [
      'From: ana@cliente.example',
      'To: soporte@norte.example',
      'Message-ID: <1@x>',
      'Content-Type: multipart/mixed; boundary=b',
      '',
    ];
    const files = Array.from({ length: 8 }, (_, i) => part('application/pdf', `${i}`)).flat();
    const mail = raw(...head, ...part('text/plain', 'Hola'), ...files, '--b--');
    const spent = await cpuMsOf(async () => {
      const { facts, attachments } = await draftOf(mail);
      expect([facts.from, facts.body, attachments?.length]).toEqual(['ana@cliente.example', 'Hola', 8]);
    });
    expect(spent).toBeLessThan(2_000);
  });

  it.each([
    ['a part with a header line of 3 MB', ['--b', `X-Y: ${'a'.repeat(3_000_000)}`, '', 'x']],
    ['3,000 parts', Array.from({ length: 3_000 }, () => ['--b', '', 'x']).flat()],
  ])('a mail that cannot be read, for %s behind a file, is rejected', async (_what, lines) => {
    const head = [
      'From: ana@cliente.example',
      'To: soporte@norte.example',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'Hola',
    ];
    const file = [
      '--b',
      'Content-Type: application/pdf',
      'Content-Transfer-Encoding: base64',
      '',
      'QUJD'.repeat(19).concat('\r\n').repeat(4_000),
    ];
    await expect(normalizeInbound(postOf(raw(...head, ...file, ...lines, '--b--')))).rejects.toThrow(/^Max /);
  });

  it('a mail is one activity of its recipient', async () => {
    expect(await draftOf({ cc: 'otra@cliente.example', SPF: 'pass', dkim: '{@cliente.example : pass}', spam_score: '0.1' })).toEqual({
      index: 0,
      channel: 'EMAIL',
      externalId: 'abc@mail.cliente.example',
      reference: emailReference('abc@mail.cliente.example', 'soporte@norte.example'),
      ours: ['soporte@norte.example', 'norte.example'],
      facts: { direction: 'INBOUND', from: 'ana@cliente.example', to: 'soporte@norte.example', subject: 'Hola', body: 'Buenos días' },
      event: {
        key: 'webhook/email/in',
        kind: 'STATUS',
        status: 'RECEIVED',
        occurredAt: new Date('2026-11-24T08:57:58Z'),
        error: null,
        metadata: {
          'Message-ID': '<abc@mail.cliente.example>',
          to: 'Soporte <soporte@norte.example>',
          cc: 'otra@cliente.example',
          SPF: 'pass',
          dkim: '{@cliente.example : pass}',
          spam_score: '0.1',
          envelope: { from: 'ana@cliente.example' },
        },
      },
      attachments: [],
      party: { identities: [{ kind: 'EMAIL', value: 'ana@cliente.example' }], name: 'Ana Ruíz' },
    });
  });

  it('an address with a tag is of its mailbox, and then of its domain', async () => {
    const [draft] = await draftsOf({ envelope: JSON.stringify({ to: ['soporte+42@norte.example'] }) });
    expect(draft!.ours).toEqual(['soporte+42@norte.example', 'soporte@norte.example', 'norte.example']);
  });

  it.each(['parsed', 'raw'])('what a form or a list sends in our own name (%s) is of whom an answer goes to', async (mode) => {
    const draftFor = (from: string, ...more: string[]) => {
      const headers = [HEADERS.replace(/^From: .*$/m, `From: ${from}`), ...more];
      return draftOf(mode === 'raw' ? raw(...headers, '', 'Hola') : { headers: headers.join('\r\n'), from });
    };
    const own = 'Web <Soporte+web@norte.example>';
    const form = await draftFor(own, 'Reply-To: soporte@norte.example, Ana <Ana@Cliente.example>', 'In-Reply-To: <x@geopod-ismtpd-1>');
    expect(form.facts).toMatchObject({ from: 'soporte+web@norte.example', replyTo: emailReference('x', 'ana@cliente.example') });
    expect(form.party).toEqual({ identities: [{ kind: 'EMAIL', value: 'ana@cliente.example' }], name: 'Ana', byAnother: true });
    const alone = { identities: [{ kind: 'EMAIL', value: 'soporte+web@norte.example' }], name: 'Web' };
    expect((await draftFor(own)).party).toEqual(alone);
    expect((await draftFor(own, 'Reply-To: soporte@norte.example')).party).toEqual(alone);
    const others = await draftFor('Eva <eva@cliente.example>', 'Reply-To: ana@cliente.example');
    expect(others.party).toEqual({ identities: [{ kind: 'EMAIL', value: 'eva@cliente.example' }], name: 'Eva' });
  });

  it.each([`"'Ana@cliente.example'" <ana@cliente.example>`, '"ana@cliente.example" <Ana@cliente.example>'])(
    'a name that is the address once more (%s) is none',
    async (from) => {
      const headers = HEADERS.replace(/^From: .*$/m, `From: ${from}`);
      expect((await draftOf({ headers, from })).party).toEqual({ identities: [{ kind: 'EMAIL', value: 'ana@cliente.example' }] });
    },
  );

  it.each([
    ['Soporte: Ana <ana@cliente.example>', 'ana@cliente.example'],
    ['Equipo: bob@cliente.example, eva@cliente.example;', 'bob@cliente.example'],
  ])('from a group (%s) is from its first member', async (from, address) => {
    const headers = HEADERS.replace(/^From: .*$/m, `From: ${from}`);
    expect((await draftsOf({ headers, from }))[0]!.facts.from).toBe(address);
  });

  it('the envelope says who received it, each once, and To stands in where there is none', async () => {
    const to = async (changes: Record<string, Part | undefined>) => (await draftsOf(changes)).map(({ facts }) => facts.to);
    const envelope = JSON.stringify({ to: ['Hola@Sur.example', 'hola@sur.example', 'oculto@norte.example'] });
    expect(await to({ envelope })).toEqual(['hola@sur.example', 'oculto@norte.example']);
    const quoted = JSON.stringify({ to: ['"Ana  Ruiz"@Norte.example', '"a\\"b"@sur.example'] });
    expect(await to({ envelope: quoted })).toEqual(['"ana  ruiz"@norte.example', '"a\\"b"@sur.example']);
    expect(await to({ envelope: undefined, to: '"Ana, Soporte" <soporte@norte.example>' })).toEqual(['soporte@norte.example']);
    expect(await to({ envelope: undefined, to: '"Ana" <ana@norte.example>, "@soporte" <b@norte.example>' })).toEqual([
      'ana@norte.example',
      'b@norte.example',
    ]);
    expect(await to({ envelope: undefined, cc: 'x@norte.example' })).toEqual(['soporte@norte.example', 'x@norte.example']);
    expect(await to({ envelope: 'no JSON', to: undefined })).toEqual(['soporte@norte.example']);
  });

  it('each field is read in its own charset', async () => {
    const charsets = JSON.stringify({ subject: 'windows-1252', text: 'iso-2022-jp', from: 'no-such-charset' });
    const draft = await draftOf({ charsets, subject: Buffer.from([0x93, 0xf1, 0x94]), text: Buffer.from('\x1b$B$3$s\x1b(B', 'latin1') });
    expect([draft.facts.subject, draft.facts.body]).toEqual(['“ñ”', 'こん']);
  });

  it('a text that says it is UTF-8, or nothing, and is not, is of Windows-1252; one with a broken letter stays UTF-8', async () => {
    const charsets = JSON.stringify({ text: 'UTF-8' });
    const bodyOf = async (text: Buffer) => (await draftOf({ charsets, text })).facts.body;
    expect(await bodyOf(Buffer.from('ma\xf1ana \x93s\xed\x94', 'latin1'))).toBe('mañana “sí”');
    expect(await bodyOf(Buffer.concat([Buffer.from('mañana '), Buffer.from([0xc3])]))).toBe('mañana \ufffd');
  });

  it.each(['us-ascii', 'ascii', 'ANSI_X3.4-1968', 'US-ASCII', 'utf8', 'unknown-8bit', 'x-unknown', 'default', ''])(
    'so is one that says no more than %j',
    async (text) => {
      const charsets = JSON.stringify({ text });
      const bodyOf = async (bytes: Buffer) => (await draftOf({ charsets, text: bytes })).facts.body;
      expect(await bodyOf(Buffer.from('Señor “sí”'))).toBe('Señor “sí”');
      expect(await bodyOf(Buffer.from('Se\xf1or \x93s\xed\x94', 'latin1'))).toBe('Señor “sí”');
    },
  );

  it.each(['latin1', 'iso8859-1', 'iso_8859-1', 'ISO_8859-1:1987', 'l1', 'iso-8859-1', 'cp819', 'ISO-8859-1', 'windows-1252'])(
    'what says %s is of Windows-1252, parsed or raw',
    async (charset) => {
      const text = Buffer.from('Se\xf1or \x93s\xed\x94', 'latin1');
      const email = Buffer.concat([Buffer.from(`${HEADERS}\r\nContent-Type: text/plain; charset="${charset}"\r\n\r\n`), text]);
      const drafts = await Promise.all([draftOf({ charsets: JSON.stringify({ text: charset }), text }), draftOf({ ...raw(), email })]);
      for (const { facts } of drafts) expect(facts.body).toBe('Señor “sí”');
    },
  );

  describe.each(['8bit', 'base64', 'quoted-printable'])('of a raw mail a part in %s', (encoding) => {
    const encoded = (bytes: Buffer) => {
      if (encoding === '8bit') return bytes.toString('latin1');
      if (encoding === 'base64') return bytes.toString('base64');
      return bytes.toString('latin1').replace(/[^ -<>-~]/g, (byte) => `=${Buffer.from(byte, 'latin1').toString('hex').toUpperCase()}`);
    };
    const draftOfPart = (type: string, bytes: Buffer) => {
      const lines = [HEADERS, `Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', encoded(bytes)];
      return draftOf({ ...raw(), email: Buffer.from(lines.join('\r\n'), 'latin1') });
    };

    it.each(['', '; charset=us-ascii', '; charset=utf-8', '; charset=unknown-8bit', '; charset=x-unknown', '; format=flowed'])(
      'that says "%s" is of UTF-8 where it can be, and else of Windows-1252',
      async (said) => {
        const bodyOf = async (bytes: Buffer) => (await draftOfPart(`text/plain${said}`, bytes)).facts.body;
        expect(await bodyOf(Buffer.from('Señor “sí”'))).toBe('Señor “sí”');
        expect(await bodyOf(Buffer.from('Se\xf1or \x93s\xed\x94', 'latin1'))).toBe('Señor “sí”');
      },
    );

    it('that is HTML is of the charset that it names itself', async () => {
      const html = Buffer.concat([Buffer.from('<html><head><meta charset="koi8-r"></head><p>'), Buffer.from('f0d2c9d7c5d4', 'hex')]);
      expect((await draftOfPart('text/html', html)).facts.body).toBe('Привет');
      const wrong = Buffer.from('<meta http-equiv=Content-Type content="text/html; charset=utf-16"><p>a\xf1o', 'latin1');
      expect((await draftOfPart('text/html; charset=utf-8', wrong)).facts.body).toBe('año');
    });
  });

  it('a name in a raw mail that is no UTF-8 is the one that SendGrid read, or of Windows-1252', async () => {
    const email = Buffer.from(`${HEADERS.replace(/^From: .*$/m, 'From: Jos\xe9 <a@b.example>')}\r\n\r\nHola`, 'latin1');
    const nameOf = async (from: string | undefined) => (await draftOf({ ...raw(), email, from })).party!.name;
    expect([await nameOf('José Ñ <a@b.example>'), await nameOf(undefined)]).toEqual(['José Ñ', 'José']);
  });

  it('a text of a million bytes that are no UTF-8 keeps nobody waiting', async () => {
    for (const part of ['\xf1', '<meta ', '<meta charset=', '\xc3\xb1\xf1']) {
      const email = Buffer.from(`${HEADERS}\r\nContent-Type: text/plain\r\n\r\n\xf1${part.repeat(1_000_000 / part.length)}`, 'latin1');
      expect(await cpuMsOf(() => draftOf({ ...raw(), email }))).toBeLessThan(1_000);
    }
  });

  it('encoded words in a subject and in the name of a file are decoded', async () => {
    const { facts, attachments } = await draftOf({
      subject: '=?koi8-r?B?8NLJ18XU?= =?utf-8?q?_ma=C3=B1ana?=',
      attachment1: { fileName: '=?UTF-8?B?YcOxby5wZGY=?=', type: 'application/pdf', content: Buffer.from('%PDF') },
    });
    expect([facts.subject, attachments[0]!.fileName]).toEqual(['Привет mañana', 'año.pdf']);
    for (const encoding of ['utf8', 'latin1'] as const) {
      const email = Buffer.from(`${HEADERS}\r\nSubject: mañana\r\n\r\nHola`, encoding);
      expect((await draftOf({ ...raw(), email })).facts.subject).toBe('mañana');
    }
    const subject = `${HEADERS}\r\nSubject: =?iso-8859-1?q?a=F1o?=`;
    expect((await draftOf({ subject: undefined, headers: subject })).facts.subject).toBe('año');
  });

  it.each(['=?utf-8?b?!!!?=', '=?x-unknown?q?a=F1o?=', '=?utf-8?q?'])(
    'a subject that cannot be decoded (%s) stays as it is',
    async (subject) => {
      expect((await draftOf({ subject })).facts.subject).toBe(subject);
    },
  );

  it('a subject that is cut within a letter is decoded as far as it goes', async () => {
    expect((await draftOf({ subject: '=?UTF-8?Q?Su_pedido_de_ma=C3=B1ana_est=C3=A1_en_cami=C3?=' })).facts.subject).toBe(
      'Su pedido de mañana está en cami\ufffd',
    );
  });

  it('a subject is one line, and begins after the mark of its encoding', async () => {
    expect((await draftOf({ subject: '=?utf-8?q?a=0D=0ABcc:x?=' })).facts.subject).toBe('a Bcc:x');
    const [bom, text] = [Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('hola')];
    const { facts } = await draftOf({ text: Buffer.concat([bom, text]), headers: Buffer.concat([bom, Buffer.from(HEADERS)]) });
    expect([facts.body, facts.from]).toEqual(['hola', 'ana@cliente.example']);
  });

  it('whose header is in a charset that it does not name has the name that SendGrid read', async () => {
    const headers = Buffer.from(HEADERS.replace(/^From: .*$/m, 'From: "\xf0\xd2\xc9\xd7\xc5\xd4" <a@b.example>'), 'latin1');
    expect((await draftOf({ headers, from: 'Привет <a@b.example>' })).party).toEqual({
      identities: [{ kind: 'EMAIL', value: 'a@b.example' }],
      name: 'Привет',
    });
  });

  it.each(['\n=?a?q?x?=\ta', '=?a?q?x?= =?b?q?x?=', '=?iso-2022-jp?q?a?= =?u?b??='])(
    'a thousand files of names like %j are read at once',
    async (word) => {
      const names = Array.from({ length: 990 }, (_, i) => `attachment${i + 1}`);
      const filename = word.repeat(5_000).slice(0, 5_000);
      const short = word.repeat(500).slice(0, 500);
      const infos = Object.fromEntries(names.map((name, i) => [name, { filename: i % 2 ? filename : short }]));
      const parts = names.map((name) => [name, { fileName: 'a', type: 'text/plain', content: Buffer.from('x') }] as const);
      const spent = await cpuMsOf(() => draftOf({ ...Object.fromEntries(parts), 'attachment-info': JSON.stringify(infos) }));
      expect(spent).toBeLessThan(3_000);
    },
  );

  it('a mail of HTML alone has its text, and its HTML without what could harm', async () => {
    const draft = await draftOf({ text: undefined, html: '<p>Hola,<br>adiós<script>alert(1)</script></p>' });
    expect([draft.facts.body, draft.html]).toEqual(['Hola,\nadiós', '<p>Hola,<br />adiós</p>']);
  });

  it('files that came are attachments, named as the mail names them, and inline where the HTML shows them', async () => {
    const post = postOf({
      html: '<p><img src="cid:ii_1%20(1)"></p>',
      'attachment-info': JSON.stringify({
        attachment1: { filename: 'año.png', type: 'image/png', 'content-id': 'ii_1 (1)' },
        attachment2: { filename: '../../etc/passwd', type: 'text/plain' },
      }),
      'content-ids': JSON.stringify({ 'ii_1 (1)': 'attachment1' }),
      attachment1: { fileName: 'x.png', type: 'image/png', content: Buffer.from([0x89, 0, 0xff]) },
      attachment2: { fileName: 'y', type: 'application/octet-stream', content: Buffer.from('hola') },
    });
    const [draft] = (await normalizeInbound(post)).drafts;
    expect(draft!.attachments).toEqual([
      { key: 'attachment1', contentType: 'image/png', fileName: 'año.png', sizeBytes: 3, inline: true, sourceUrl: null },
      { key: 'attachment2', contentType: 'text/plain', fileName: 'passwd', sizeBytes: 4, inline: false, sourceUrl: null },
    ]);
    expect(draft!.html).toBe('<p><img src="cid:attachment1" /></p>');
    expect(await fileInMail(post, 'attachment1')).toEqual(Buffer.from([0x89, 0, 0xff]));
    expect(await fileInMail(post, 'attachment3')).toBeUndefined();
  });

  it.each<[string, string | undefined, string, string, { type?: string }?]>([
    ['of no type', undefined, 'text/plain', 'UTF-8 as it came'],
    ['of a type that its info names', undefined, 'text/calendar', 'UTF-8 as it came', { type: 'text/calendar' }],
    ['of a type and a charset of its own', 'text/calendar; charset=utf-8', 'text/calendar', 'UTF-8 as it came'],
    ['in another charset', 'text/calendar; charset=iso-8859-1', 'text/calendar', 'in UTF-8'],
  ])('a file without a name is one nevertheless: %s', async (_name, type, contentType, how, info = {}) => {
    const text = 'BEGIN:VCALENDAR\r\nSUMMARY:Reunión\r\n';
    const content = Buffer.from(text, how === 'in UTF-8' ? 'latin1' : 'utf8');
    const post = postOf({
      attachments: '1',
      'attachment-info': JSON.stringify({ attachment1: info }),
      attachment1: type === undefined ? content : { type, content },
    });
    const { drafts, problems } = await normalizeInbound(post);
    expect([drafts[0]!.attachments, problems]).toEqual([
      [{ key: 'attachment1', contentType, sizeBytes: Buffer.byteLength(text), inline: false, sourceUrl: null }],
      [],
    ]);
    expect((await fileInMail(post, 'attachment1'))!.toString()).toBe(text);
  });

  it('a file that it counts and that did not come is a problem beside the mail', async () => {
    const { drafts, problems } = await normalizeInbound(postOf({ attachments: '2', attachment1: Buffer.from('a') }));
    expect([drafts.length, problems]).toEqual([1, [{ index: 1, message: 'It has 2 attachments, and 1 came.' }]]);
  });

  it('a raw mail says the same, and has its files', async () => {
    const fixture = readCase('sendgrid-inbound-raw');
    const delivery = deliveryOf(bodyOf(fixture), fixture.headers['content-type']);
    const [draft] = (await normalizeInbound(delivery)).drafts;
    expect(draft!.facts).toMatchObject({ subject: 'Petición en bruto', from: 'ana@cliente.example', to: 'soporte@norte.example' });
    expect(draft!.party!.name).toBe('Ana Ruíz');
    expect(draft!.attachments).toEqual([
      { key: 'attachment1', contentType: 'text/csv', fileName: 'datos.csv', sizeBytes: 8, inline: false, sourceUrl: null },
    ]);
    expect((await fileInMail(delivery, 'attachment1'))!.toString()).toBe('a,b\n1,2\n');
  });

  it.each(['plain', 'html'])('a byte order mark before the text/%s of a raw mail is no part of it', async (type) => {
    const draft = await draftOf(raw(HEADERS, `Content-Type: text/${type}; charset=utf-8`, '', '\ufeffBuenos días'));
    expect([draft.facts.body, draft.html]).toEqual(['Buenos días', type === 'html' ? 'Buenos días' : undefined]);
  });

  it.each(['parsed', 'raw'])('ids in UTF-8 are read as such where a mail came %s', async (mode) => {
    const head = [HEADERS.replace('<abc@', '<ñandú@'), 'In-Reply-To: <日本@x.example>', 'References: <é@x.example> <日本@x.example>'];
    const draft = await draftOf(mode === 'raw' ? raw(...head, '', 'Hola') : { headers: head.join('\r\n') });
    expect(draft.externalId).toBe('ñandú@mail.cliente.example');
    expect(draft.facts.replyTo).toBe(emailReference('日本@x.example', 'soporte@norte.example'));
    expect(draft.event.metadata).toMatchObject({
      'Message-ID': '<ñandú@mail.cliente.example>',
      'In-Reply-To': '<日本@x.example>',
      References: '<é@x.example> <日本@x.example>',
    });
  });

  it('an id in bytes that are no UTF-8 is kept byte by byte', async () => {
    const email = Buffer.from(`${HEADERS.replace('<abc@', '<\xf1@')}\r\n\r\nHola`, 'latin1');
    expect((await draftOf({ ...raw(), email })).externalId).toBe('ñ@mail.cliente.example');
  });

  it('an image inside a raw mail stays one of its own', async () => {
    const draft = await draftOf(
      raw(
        HEADERS,
        'Content-Type: multipart/related; boundary=b',
        '',
        '--b',
        'Content-Type: text/html; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<p>a=F1o <img src=3D"cid:logo@x"></p>',
        '--b',
        'Content-Type: image/png',
        'Content-ID: <logo@x>',
        'Content-Transfer-Encoding: base64',
        '',
        'iVBORw==',
        '--b--',
        '',
      ),
    );
    expect(draft.html).toBe('<p>año <img src="cid:attachment1" /></p>');
    expect(draft.attachments).toEqual([expect.objectContaining({ key: 'attachment1', inline: true, sizeBytes: 4 })]);
  });

  it('forms of a raw mail for other programs are no files, unless they have a name', async () => {
    const part = (type: string, body: string, ...more: string[]) => ['--b', `Content-Type: ${type}`, ...more, '', body];
    const lines = [
      ...[HEADERS, 'Content-Type: multipart/alternative; boundary=b', ''],
      ...part('text/plain', 'Hola'),
      ...part('text/x-amp-html; charset=utf-8', '<html amp4email>'.repeat(20_000)),
      ...part('text/watch-html', '<b>Hola</b>'),
      ...part('text/x-amp-html', '<html amp4email>', 'Content-Disposition: attachment; filename=a.html'),
      ...part('text/html', '<p>Hola</p>'),
    ];
    const { facts, html, attachments } = await draftOf(raw(...lines, '--b--', ''));
    expect([facts.body?.trim(), html, attachments.map(({ fileName }) => fileName)]).toEqual(['Hola', '<p>Hola</p>', ['a.html']]);
  });

  it('a text with a name is a file of a raw mail, but where it is all that the mail says', async () => {
    const log = ['--b', 'Content-Type: text/plain', 'Content-Disposition: inline; filename=log.txt', '', 'error 7'];
    const draftWith = (...parts: string[]) => draftOf(raw(HEADERS, 'Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--', ''));
    const beside = await draftWith('--b', 'Content-Type: text/plain', '', 'Hola', ...log, '--b', 'Content-Type: text/plain', '', 'Pie');
    expect([beside.facts.body, beside.attachments]).toEqual([
      'Hola\nPie',
      [{ key: 'attachment1', contentType: 'text/plain', fileName: 'log.txt', sizeBytes: 7, inline: false, sourceUrl: null }],
    ]);
    const alone = await draftWith(...log);
    expect([alone.facts.body, alone.attachments]).toEqual(['error 7', []]);
  });

  it('a mail without a Message-ID is known by what it says, whatever the boundary around it', async () => {
    const without = { headers: HEADERS.replace(/Message-ID.*\r\n/, '') };
    const first = await draftOf(without);
    expect(first.externalId).toMatch(/^sha256:[0-9a-f]{64}$/);
    const other = Buffer.from(postOf(without).body.toString('latin1').replaceAll('xYzZY', 'another'), 'latin1');
    const [again] = (await normalizeInbound(deliveryOf(other, 'multipart/form-data; boundary=another'))).drafts;
    expect(again!.reference).toBe(first.reference);
    expect((await draftOf({ ...without, text: 'otra' })).externalId).not.toBe(first.externalId);
  });

  it.each([
    '<>',
    '< >',
    '<@>',
    '<x@>',
    'undefined',
    'Fri, 27 Nov 2026 09:00:00',
    'mail 7@x.example',
    '<undefined>',
    '<undefined@undefined>',
    '<null@localhost>',
    '<0>',
  ])('an id that is none (%s) makes no mail another: each is known by what it says', async (id) => {
    const headers = HEADERS.replace(/Message-ID: .*/i, `Message-ID: ${id}`);
    const ids = await Promise.all(['uno', 'dos', 'dos'].map(async (text) => (await draftOf({ headers, text })).externalId));
    expect([ids[0] === ids[1], ids[1] === ids[2], ids[0]]).toEqual([false, true, expect.stringMatching(/^sha256:/)]);
  });

  it.each([
    ['<2026 1@x.example>', '2026 1@x.example'],
    [' < a@b > ', 'a@b'],
    ['a@b', 'a@b'],
    ['<20261127.ab>', '20261127.ab'],
  ])('the id %j is %s', async (id, externalId) => {
    expect((await draftOf({ headers: HEADERS.replace(/Message-ID: .*/i, `Message-ID: ${id}`) })).externalId).toBe(externalId);
  });

  it('of a text that is too long the problem says how much is shown', async () => {
    const { problems } = await normalizeInbound(postOf({ text: 'x'.repeat(1_000_001) }));
    expect(problems).toEqual([{ index: 1, message: expect.stringContaining('Of its text the first 1000000 of 1000001') }]);
    expect((await normalizeInbound(postOf({ text: 'x\r\n'.repeat(400_000) }))).problems).toEqual([]);
  });

  it('an answer to a mail that SendGrid carried for us names it as the directory knows it, another the mail to the same address', async () => {
    const replyTo = async (...lines: string[]) => (await draftOf({ headers: [HEADERS, ...lines].join('\r\n') })).facts.replyTo;
    expect(await replyTo('In-Reply-To: <x-message-id@geopod-ismtpd-0863>')).toBe(emailReference('x-message-id', 'ana@cliente.example'));
    expect(await replyTo('References: <first@a.example>', ' <x-message-id@ismtpd0042p1mdw1.sendgrid.net>')).toBe(
      emailReference('x-message-id', 'ana@cliente.example'),
    );
    for (const [between, after] of [
      ['', ''],
      [',', ''],
      [' , ', ''],
      [' ', ' <cut@a'],
      [' ', ' <>'],
      [', ', ' (x > y)'],
    ] as const)
      expect(await replyTo(`References: <first@a.example>${between}<last@a.example>${after}`)).toBe(
        emailReference('last@a.example', 'soporte@norte.example'),
      );
    expect(await replyTo('References: first@a.example last@a.example')).toBe(emailReference('last@a.example', 'soporte@norte.example'));
    expect(await replyTo('In-Reply-To: <first@mail.cliente.example>')).toBe(
      emailReference('first@mail.cliente.example', 'soporte@norte.example'),
    );
    expect(await replyTo()).toBeUndefined();
  });

  it.each(['Tue, 24 Nov 2099 09:00:00 +0000', 'Thu, 1 Jan 1970 00:00:00 +0000', 'yesterday', ''])(
    'a date that cannot be (%s) is no time',
    async (date) => {
      expect((await draftOf({ headers: HEADERS.replace(/Date: .*/, `Date: ${date}`) })).event.occurredAt).toBeNull();
    },
  );

  it('what cannot be stored is replaced, and what is too long is cut', async () => {
    const draft = await draftOf({ subject: 'a\0b', text: `${'x'.repeat(1_200_000)}`, from: MAIL.from });
    expect(draft.facts.subject).toBe('a\ufffdb');
    expect(draft.facts.body).toHaveLength(1_000_001);
  });

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    ['another type', 'text/plain', 'x'],
    ['no end', FORM, '--xYzZY\r\nContent-Disposition: form-data; name="to"\r\n\r\na@b.example'],
    ['nothing', FORM, ''],
    ['a field called __proto__ alone', FORM, '--xYzZY\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n{}\r\n--xYzZY--\r\n'],
  ])('%s is a problem, and does not throw', async (_what, contentType, body) => {
    const { drafts, problems } = await normalizeInbound(deliveryOf(Buffer.from(body), contentType));
    expect([drafts, problems]).toEqual([[], [{ index: 0, message: expect.any(String) }]]);
  });

  it('a message nested without end comes to an end', async () => {
    let email = 'Content-Type: text/plain\r\n\r\nx';
    for (let i = 0; i < 300; i++) email = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${email}\r\n--b${i}--`;
    expect((await draftOf(raw(`${HEADERS}\r\n${email}`))).externalId).toBe('abc@mail.cliente.example');
  });
});
