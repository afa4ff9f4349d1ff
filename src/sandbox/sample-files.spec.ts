import { fileTypeFromBuffer } from 'file-type';
import {
  digitOf,
  SAMPLE_TYPES,
  sampleDocument,
  sampleMp3,
  sampleOf,
  sampleOfMedia,
  samplePhoto,
  samplePicture,
  sampleWav,
} from './sample-files.js';

describe('a sample', () => {
  it.each([
    ['photo', samplePhoto(), 'image/jpeg'],
    ['picture', samplePicture(), 'image/png'],
    ['document', sampleDocument(), 'application/pdf'],
    ['recording', sampleMp3(), 'audio/mpeg'],
    ['recording', sampleWav(), 'audio/wav'],
  ])('%s is by its bytes what it is called', async (_, { bytes, contentType }, type) => {
    expect([contentType, (await fileTypeFromBuffer(bytes))?.mime]).toEqual([type, type]);
  });

  it.each(SAMPLE_TYPES)('of %s is found by its type, and by the last digit of a sid', (type) => {
    expect([sampleOf(type).contentType, sampleOfMedia(`ME0${digitOf(type)}`).contentType]).toEqual([type, type]);
  });

  it('photo has as many bytes of picture as its blocks need', () => {
    expect(samplePhoto(64, 64).bytes.length - samplePhoto(8, 8).bytes.length).toBe(15);
  });

  it('document says where its parts are', () => {
    const text = sampleDocument().bytes.toString('latin1');
    const offsets = [...text.matchAll(/^(\d{10}) 00000 n/gm)].map(([, at]) => Number(at));
    expect(offsets.map((at) => text.slice(at, at + 7))).toEqual(['1 0 obj', '2 0 obj', '3 0 obj', '4 0 obj', '5 0 obj']);
    expect(text.slice(Number(/startxref\n(\d+)/.exec(text)![1])).startsWith('xref')).toBe(true);
  });
});
