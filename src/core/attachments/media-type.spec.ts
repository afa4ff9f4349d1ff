import { describe, expect, it } from '@jest/globals';
import { PNG } from '../../../test/support/media-host.js';
import { isShownInPlace, mediaTypeOf } from './media-type.js';

const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
const OGG = Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(22), Buffer.from('OpusHead'), Buffer.alloc(40)]);
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\0\0isomiso2')]);

describe('The type a file is served as', () => {
  it.each([
    ['an image that is one', PNG, 'image/png', 'image/png'],
    ['an image of another kind than claimed', PNG, 'image/jpeg', 'image/png'],
    ['HTML that claims to be an image', HTML, 'image/png', 'application/octet-stream'],
    ['SVG that claims to be an image a browser shows', SVG, 'image/png', 'application/octet-stream'],
    ['HTML that claims to be a PDF', HTML, 'application/pdf', 'application/octet-stream'],
    ['a PDF that claims to be an image', PDF, 'image/png', 'application/pdf'],
    ['HTML that claims to be sound', HTML, 'audio/ogg', 'application/octet-stream'],
    ['sound with parameters', OGG, 'audio/ogg; codecs=opus', 'audio/ogg'],
    ['sound in a container of pictures', MP4, 'audio/mp4', 'audio/mp4'],
    ['what nobody claimed anything of', PNG, undefined, 'image/png'],
    ['what is unknown to all', Buffer.from('?'), undefined, 'application/octet-stream'],
    ['a document', Buffer.from('BEGIN:VCARD'), 'text/vcard', 'text/vcard'],
    ['what claims no type at all', PDF, 'not a type\r\nset-cookie: x', 'application/pdf'],
  ])('of %s', async (_what, bytes, claimed, served) => expect(await mediaTypeOf(bytes, claimed)).toBe(served));

  it('is shown in place only where nothing in it can run', () => {
    for (const type of ['image/png', 'audio/mpeg', 'video/mp4', 'application/pdf']) expect(isShownInPlace(type)).toBe(true);
    for (const type of ['image/svg+xml', 'text/html', 'text/plain', 'application/xhtml+xml', 'application/octet-stream'])
      expect(isShownInPlace(type)).toBe(false);
  });
});
