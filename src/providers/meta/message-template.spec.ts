import { describe, expect, it } from '@jest/globals';
import { readTemplate } from './message-template.js';

const BODY = { type: 'BODY', text: 'Hola {{1}}, {{2}} y {{1}}' };
const template = (...components: object[]) => readTemplate({ name: 'oferta', language: 'es', status: 'APPROVED', components });

describe('readTemplate', () => {
  it('reads the places of its text', () => {
    expect(template(BODY)).toEqual({
      id: 'oferta',
      name: 'oferta',
      language: 'es',
      body: BODY.text,
      variables: ['1', '2'],
      approved: true,
    });
  });

  it.each([
    ['a header with a variable', { type: 'HEADER', format: 'TEXT', text: 'Pedido {{1}}' }, 'HEADER TEXT'],
    ['an image', { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://x.example/1'] } }, 'HEADER IMAGE'],
    ['a document', { type: 'header', format: 'document' }, 'HEADER DOCUMENT'],
    ['a place', { type: 'HEADER', format: 'LOCATION' }, 'HEADER LOCATION'],
    [
      'a button whose address varies',
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Sí' },
          { type: 'URL', text: 'Ver', url: 'https://x.example/{{1}}' },
        ],
      },
      'BUTTONS URL',
    ],
  ])('names what nothing fills: %s', (_, component, unfillable) => {
    expect(template(component, BODY)).toMatchObject({ variables: ['1', '2'], unfillable: [unfillable] });
  });

  it.each([
    ['a header of words', { type: 'HEADER', format: 'TEXT', text: 'Oferta' }],
    ['a footer', { type: 'FOOTER', text: 'Hasta el {{domingo}}' }],
    ['buttons that are the same for everybody', { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Ver', url: 'https://x.example/' }] }],
    ['what is no list of buttons', { type: 'BUTTONS', buttons: null }],
  ])('has nothing against %s', (_, component) => {
    expect(template(component, BODY)).not.toHaveProperty('unfillable');
  });
});
