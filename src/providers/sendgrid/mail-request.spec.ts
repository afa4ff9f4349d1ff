import { describe, expect, it } from '@jest/globals';
import { type Outbound, type OutboundMail } from '../../core/adapters/outbound.js';
import { checkMail } from './check-mail.js';
import { mailRequest } from './mail-request.js';

const mailOf = (mail: Partial<OutboundMail>, changes: Partial<Outbound> = {}): Outbound => ({
  notAfter: new Date(8.64e15),
  activityId: 'a',
  from: 'hello@example.com',
  to: 'ana@cliente.example',
  subject: 's',
  body: 't',
  files: [],
  answers: null,
  mail: { html: null, cc: [], bcc: [], replyTo: null, ...mail },
  ...changes,
});

describe('mailRequest', () => {
  it('writes to an address once, where it was named first', () => {
    const { personalizations } = mailRequest(
      mailOf({ cc: ['ANA@cliente.example', 'c@x.example', 'C@x.example'], bcc: ['c@x.example', 'b@x.example'] }),
      [],
    );
    expect(personalizations).toEqual([
      {
        to: [{ email: 'ana@cliente.example' }],
        cc: [{ email: 'c@x.example' }],
        bcc: [{ email: 'b@x.example' }],
        customArgs: { centralita_activity: 'a' },
      },
    ]);
    expect(mailRequest(mailOf({ cc: ['ana@cliente.example'] }), []).personalizations).toEqual([
      expect.not.objectContaining({ cc: expect.anything() }),
    ]);
  });

  it('has HTML alone where there is no text', () => {
    expect(mailRequest(mailOf({ html: '<p>' }, { body: null }), []).content).toEqual([{ type: 'text/html', value: '<p>' }]);
  });
});

describe('checkMail', () => {
  const MB = 1024 * 1024;
  const file = (megabytes: number): Outbound['files'][number] => ({
    fileName: 'a',
    contentType: 'application/pdf',
    sizeBytes: megabytes * MB,
    url: 'https://x.example',
    read: () => Promise.reject(new Error('read')),
  });
  it.each<[string, Outbound, string | undefined]>([
    ['a plain mail', mailOf({}), undefined],
    ['no subject', mailOf({}, { subject: ' ' }), 'subject'],
    ['no subject at all', mailOf({}, { subject: null }), 'subject'],
    ['nothing in it', mailOf({}, { body: null }), 'text'],
    ['HTML alone', mailOf({ html: '<p>' }, { body: null }), undefined],
    ['22 MB of files', mailOf({}, { files: [file(11), file(11)] }), undefined],
    ['23 MB of files', mailOf({}, { files: [file(11), file(12)] }), 'attachments'],
    ['31 MB of HTML', mailOf({ html: 'a'.repeat(31 * MB) }), 'html'],
    ['1,001 recipients', mailOf({ bcc: Array.from({ length: 1_000 }, (_, i) => `b${i}@x.example`) }), 'bcc'],
  ])('%s', (_what, outbound, field) => {
    expect(checkMail(outbound)?.field).toBe(field);
  });
});
