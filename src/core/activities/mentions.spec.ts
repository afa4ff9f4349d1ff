import { needlesOf, withoutMentions } from './mentions.js';

const ERIN = needlesOf(['erin@example.com', '+34600123456']);
const without = (metadata: Parameters<typeof withoutMentions>[0]) => withoutMentions(metadata, ERIN);

describe('metadata', () => {
  it('loses an entry of a list that names an address, however it is spelled, and keeps the others', () => {
    expect(without({ cc: '"Secreta, Erin" <Erin@Example.com>, "Ruiz, Ana" <ana@example.com>', SPF: 'pass' })).toEqual({
      cc: '"Ruiz, Ana" <ana@example.com>',
      SPF: 'pass',
    });
    expect(without({ to: 'ana@example.com,erin@example.com,eva@example.com' })).toEqual({ to: 'ana@example.com,eva@example.com' });
  });

  it('loses a name with its address, however long it is, and where its quote is never closed', () => {
    const name = `"${'Erin '.repeat(200)}, de Ventas"`;
    expect(without({ cc: `${name} <erin@example.com>, ana@example.com` })).toEqual({ cc: 'ana@example.com' });
    expect(without({ cc: 'ana@example.com, "Secreta, Erin <erin@example.com>' })).toEqual({ cc: 'ana@example.com' });
  });

  it.each([
    ["'Secreta, Erin' <erin@example.com>", undefined],
    ['ana@example.com, Secreta, Erín <erin@example.com>, eva@example.com', 'ana@example.com, eva@example.com'],
    ['ana@example.com, =?UTF-8?Q?Secreta,_Erin?= <erin@example.com>', 'ana@example.com'],
    ['Ruiz, Ana <ana@example.com>, erin@example.com', 'Ruiz, Ana <ana@example.com>'],
    ['Erin +34600123456, bea@x.example', undefined],
    ['<https://x.example/u?e=erin%40example.com>, <mailto:unsub@x.example>', undefined],
    ['Llamar a Erin Pérez, Calle Mayor 5, erin@example.com, DNI 123', undefined],
  ])('loses what stands before the address, and all where it is no list: %s', (value, left) =>
    expect(without({ value })).toEqual(left === undefined ? {} : { value: left }),
  );

  it('loses a field of which nothing is left, in an object or a list of values as well', () => {
    expect(without({ cc: 'erin@example.com', envelope: { from: 'erin@example.com' }, category: ['erin@example.com', 'boletín'] })).toEqual({
      category: ['boletín'],
    });
    expect(without({ url: 'https://norte.example/?u=erin%40example.com', n: 1, 'erin@example.com': true })).toEqual({ n: 1 });
    expect(without({ cc: 'erin@example.com' })).toEqual({});
  });

  it.each([
    'xerin@example.com',
    'x.erin@example.com',
    'erin@example.com.mx',
    'erin@example.commerce',
    'erin at example.com',
    '<a%2Berin%40example.com>',
  ])('that names %s names another, and is left as it is', (address) =>
    expect(without({ cc: `Erin <${address}>`, n: null })).toBeUndefined(),
  );

  it.each(['+34600123456', '34600123456', 'whatsapp:+34600123456', '%2B34600123456'])('loses a number written %s', (number) =>
    expect(without({ agent: number, context: { from: number, id: 'wamid.1' } })).toEqual({ context: { id: 'wamid.1' } }),
  );

  it.each(['+346001234567', '1134600123456', 'SM34600123456789'])('that says %s says another number', (number) =>
    expect(without({ agent: number })).toBeUndefined(),
  );

  it('is left as it is where nobody is looked for', () => {
    expect(withoutMentions({ cc: 'erin@example.com' }, [])).toBeUndefined();
  });
});
