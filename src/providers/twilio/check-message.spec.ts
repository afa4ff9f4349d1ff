import { describe, expect, it } from '@jest/globals';
import { type Outbound, type OutboundFile } from '../../core/adapters/outbound.js';
import { checkMessage } from './check-message.js';

const MB = 1024 * 1024;
const MESSAGE: Outbound = {
  notAfter: new Date(8.64e15),
  activityId: 'a',
  from: '+15005550006',
  to: '+34600111222',
  subject: null,
  body: 'hola',
  files: [],
  answers: null,
};
const file = (contentType: string, megabytes: number): OutboundFile => ({
  fileName: null,
  contentType,
  sizeBytes: megabytes * MB,
  url: 'https://hub.example.com/media/1',
  read: () => Promise.reject(new Error('read')),
});
const links = (count: number): string[] => Array.from({ length: count }, (_, i) => `https://example.com/${i}`);

describe('checkMessage', () => {
  it.each<[string, 'SMS' | 'WHATSAPP', Partial<Outbound>, string | undefined]>([
    ['1,600 characters', 'SMS', { body: 'a'.repeat(1_600) }, undefined],
    ['1,601 characters', 'SMS', { body: 'a'.repeat(1_601) }, 'body'],
    ['1,601 characters', 'WHATSAPP', { body: 'a'.repeat(1_601) }, 'body'],
    ['nothing', 'SMS', { body: '' }, 'body'],
    ['a file and no text', 'SMS', { body: null, files: [file('image/png', 1)] }, undefined],
    ['ten links', 'SMS', { mediaUrls: links(10) }, undefined],
    ['ten links and a file', 'SMS', { mediaUrls: links(10), files: [file('image/png', 1)] }, 'mediaUrls'],
    ['eleven files', 'SMS', { files: Array.from({ length: 11 }, () => file('image/png', 0.1)) }, 'mediaIds'],
    ['two links', 'WHATSAPP', { mediaUrls: links(2) }, 'mediaUrls'],
    ['5 MB', 'SMS', { files: [file('video/mp4', 5)] }, undefined],
    ['6 MB in two files', 'SMS', { files: [file('video/mp4', 3), file('video/mp4', 3)] }, 'mediaIds'],
    ['a video of 16 MB', 'WHATSAPP', { files: [file('video/mp4', 16)] }, undefined],
    ['a video of 17 MB', 'WHATSAPP', { files: [file('video/mp4', 17)] }, 'mediaIds'],
    ['an image of 6 MB', 'WHATSAPP', { files: [file('image/jpeg', 6)] }, 'mediaIds'],
    ['a template', 'WHATSAPP', { body: null, template: { id: `HX${'a'.repeat(32)}`, language: null, variables: {} } }, undefined],
    ['a template by its name', 'WHATSAPP', { template: { id: 'saludo', language: 'es', variables: {} } }, 'template.id'],
  ])('%s by %s', (_what, channel, changes, field) => {
    const problem = checkMessage({ ...MESSAGE, ...changes }, channel);
    expect(problem?.field).toBe(field);
    if (problem) expect(problem.problem).toMatch(/\.$/);
  });
});
