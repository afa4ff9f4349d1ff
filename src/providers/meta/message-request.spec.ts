import { describe, expect, it } from '@jest/globals';
import { type Outbound, type OutboundFile } from '../../core/adapters/outbound.js';
import { checkMessage } from './check-message.js';
import { messageRequest } from './message-request.js';
import { readTemplate } from './message-template.js';

const MB = 1024 * 1024;
const messageOf = (changes: Partial<Outbound> = {}): Outbound => ({
  notAfter: new Date(8.64e15),
  activityId: 'a',
  from: '106540352242922',
  to: '+34600111222',
  subject: null,
  body: 'hola',
  files: [],
  answers: null,
  ...changes,
});
const file = (contentType: string, megabytes = 1, fileName: string | null = 'f'): OutboundFile => ({
  fileName,
  contentType,
  sizeBytes: megabytes * MB,
  url: 'https://hub.example.com/media/1?sig=x',
  read: () => Promise.reject(new Error('read')),
});
const link = 'https://hub.example.com/media/1?sig=x';

describe('messageRequest', () => {
  it.each(['US.13491208655302741918', 'US.ENT.Ab12'])('%s is a recipient, and no number', (to) => {
    const request = messageRequest(messageOf({ to }));
    expect(request).toMatchObject({ recipient: to });
    expect(request).not.toHaveProperty('to');
  });

  it('an answer names what it answers', () => {
    expect(messageRequest(messageOf({ answers: 'wamid.x' }))).toMatchObject({ context: { message_id: 'wamid.x' } });
  });

  it.each<[string, Partial<Outbound>, object]>([
    ['an image', { files: [file('image/jpeg')] }, { type: 'image', image: { link, caption: 'hola' } }],
    ['a video without text', { files: [file('video/mp4')], body: null }, { type: 'video', video: { link } }],
    ['an audio', { files: [file('audio/ogg; codecs=opus')], body: null }, { type: 'audio', audio: { link } }],
    [
      'a document',
      { files: [file('application/pdf', 1, 'factura.pdf')] },
      { type: 'document', document: { link, caption: 'hola', filename: 'factura.pdf' } },
    ],
    ['a document without a name', { files: [file('text/csv', 1, null)] }, { type: 'document', document: { link, caption: 'hola' } }],
    [
      'a link to an image',
      { mediaUrls: ['https://x.example/A.PNG?v=1'] },
      { type: 'image', image: { link: 'https://x.example/A.PNG?v=1', caption: 'hola' } },
    ],
    [
      'a link to a document',
      { mediaUrls: ['https://x.example/el%20a%C3%B1o.pdf'] },
      { type: 'document', document: { filename: 'el año.pdf' } },
    ],
    [
      'a link that tells nothing',
      { mediaUrls: ['https://x.example/%ff'], body: null },
      { type: 'document', document: { link: 'https://x.example/%ff' } },
    ],
  ])('%s goes by link', (_what, changes, message) => {
    const request = messageRequest(messageOf(changes));
    expect(request).toMatchObject(message);
    expect(request).not.toHaveProperty('text');
  });

  it('a template’s numbered places are filled in their order, named ones by name', () => {
    const numbered = messageRequest(messageOf({ template: { id: 'saludo', language: 'es', variables: { 2: 'b', 10: 'j', 1: 'a' } } }));
    expect(numbered).toMatchObject({
      type: 'template',
      template: {
        name: 'saludo',
        language: { code: 'es' },
        components: [{ type: 'body', parameters: ['a', 'b', 'j'].map((text) => ({ type: 'text', text })) }],
      },
    });
    expect(numbered).not.toHaveProperty('text');
    const named = messageRequest(messageOf({ template: { id: 'saludo', language: 'es', variables: { nombre: 'Ana' } } }));
    expect(named).toMatchObject({ template: { components: [{ parameters: [{ type: 'text', parameter_name: 'nombre', text: 'Ana' }] }] } });
    const bare = messageRequest(messageOf({ template: { id: 'saludo', language: 'es', variables: {} } }));
    expect(bare.template).toEqual({ name: 'saludo', language: { code: 'es' } });
  });
});

describe('checkMessage', () => {
  it.each<[string, Partial<Outbound>, string | undefined]>([
    ['4,096 characters', { body: 'a'.repeat(4_096) }, undefined],
    ['4,097 characters', { body: 'a'.repeat(4_097) }, 'body'],
    ['nothing', { body: '' }, 'body'],
    ['two links', { mediaUrls: ['https://x.example/a.png', 'https://x.example/b.png'] }, 'mediaUrls'],
    ['two files', { files: [file('image/png'), file('image/png')] }, 'mediaIds'],
    ['an audio with text', { files: [file('audio/mpeg')] }, 'body'],
    ['an audio', { files: [file('audio/mpeg')], body: null }, undefined],
    ['a caption of 1,025 characters', { files: [file('image/png')], body: 'a'.repeat(1_025) }, 'body'],
    ['an image of 6 MB', { files: [file('image/png', 6)] }, 'mediaIds'],
    ['a document of 90 MB', { files: [file('application/pdf', 90)] }, undefined],
    ['a GIF', { files: [file('image/gif')] }, 'mediaIds'],
    ['a template', { body: null, template: { id: 'saludo', language: 'es', variables: {} } }, undefined],
    ['a template without a language', { template: { id: 'saludo', language: null, variables: {} } }, 'template.language'],
  ])('%s', (_what, changes, field) => {
    const problem = checkMessage(messageOf(changes));
    expect(problem?.field).toBe(field);
    if (problem) expect(problem.problem).toMatch(/\.$/);
  });
});

describe('readTemplate', () => {
  it('has each place of the body once', () => {
    const components = [
      { type: 'HEADER', text: '{{9}}' },
      { type: 'BODY', text: 'Hola {{nombre}}, {{ pedido }} y {{nombre}}' },
    ];
    expect(readTemplate({ name: 'n', language: 'es', status: 'PENDING', components })).toMatchObject({
      variables: ['nombre', 'pedido'],
      approved: false,
    });
  });

  it.each([null, 7, {}, { name: 'n' }])('%j is none', (item) => {
    expect(readTemplate(item)).toBeUndefined();
  });
});
