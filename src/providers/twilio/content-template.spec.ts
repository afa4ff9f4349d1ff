import { describe, expect, it } from '@jest/globals';
import { isContentSid, templateOf } from './content-template.js';

const CONTENT = { sid: 'HX1', friendlyName: 'saludo', language: 'es', variables: { 2: 'b', 1: 'a', nombre: 'c' }, types: {} };

describe('templateOf', () => {
  it.each([
    [{ 'twilio/text': { body: 'Hola {{1}}' } }, 'Hola {{1}}'],
    [{ 'twilio/card': { title: 'T', subtitle: 'S' }, 'twilio/quick-reply': { body: 'B' } }, 'B'],
    [{ 'twilio/card': { title: 'T' } }, 'T'],
    [{ 'whatsapp/authentication': { actions: [] } }, ''],
    [null, ''],
  ])('of %j says «%s»', (types, body) => {
    expect(templateOf({ ...CONTENT, types }, null).body).toBe(body);
  });

  it('has the places its variables name', () => {
    expect(templateOf(CONTENT, null).variables).toEqual(['1', '2', 'nombre']);
    expect(templateOf({ ...CONTENT, variables: null }, null).variables).toEqual([]);
  });

  it.each([
    [{ status: 'approved' }, true, undefined],
    [{ status: 'pending' }, false, true],
    // Nobody could say.
    [undefined, false, undefined],
  ])('%j is approved: %s, refused: %s', (approval, approved, unapproved) => {
    expect(templateOf(CONTENT, approval)).toMatchObject({ approved, ...(unapproved && { unapproved }) });
    expect(templateOf(CONTENT, approval).unapproved).toBe(unapproved);
  });
});

describe('isContentSid', () => {
  it('knows HX and 32 digits', () => {
    expect([isContentSid(`HX${'0a'.repeat(16)}`), isContentSid('saludo'), isContentSid('HX/../Content')]).toEqual([true, false, false]);
  });
});
