import { escaped, wholeAddresses } from './said-in-bytes.js';

/** As PostgreSQL reads it, which has no octal digits of its own. */
const isNamed = (address: string, text: string) =>
  wholeAddresses([address]).some(({ needle, whole }) => {
    const said = escaped(text).toLowerCase();
    return said.includes(needle) && new RegExp(whole).test(said);
  });

describe('Another organization’s sender', () => {
  it.each([
    ['+15005550006', 'From=%2B15005550006&To='],
    ['+15005550006', 'From=whatsapp%3A%2B15005550006'],
    ['+15005550006', '{"display_phone_number":"15005550006"}'],
    ['+15005550006', 'sip:+15005550006@pbx.example'],
    ['ventas@sur.example', 'from=Ventas+%3Cventas%40sur.example%3E'],
    ['ventas@sur.example', '{"from":"\\u003cventas@sur.example\\u003e"}'],
    ['ventas@sur.example', '{"text":"write to:\\nventas@sur.example"}'],
    ['ñandú@sur.example', 'To: ñandú@sur.example'],
    ['ñandú@sur.example', 'to=%C3%B1and%C3%BA%40sur.example'],
    ['sur.example', 'to=hola%40sur.example&'],
    ['s-u-r.es', 'Body=write+to+s-u-r.es'],
    ['rcs:sur_agent', 'From=rcs%3Asur_agent'],
    ['rcs:sur_agent', '{"from":"rcs:sur_agent"}'],
    ['s.es', 'ana@s.es.'],
  ])('%s is named by %s', (address, text) => {
    expect(isNamed(address, text)).toBe(true);
  });

  it.each([
    ['+15005550006', '115005550006'],
    ['+15005550006', '150055500067'],
    ['ventas@sur.example', 'preventas@sur.example'],
    ['ventas@sur.example', 'ana%2bventas%40sur.example'],
    ['ventas@sur.example', 'ventas@sur.example.mx'],
    ['l.com', 'ana@gmail.com'],
    ['To', 'From=a&To=b'],
    ['ANA', 'ana'],
    ['12345', 'Body=12345'],
  ])('%s is not named by %s', (address, text) => {
    expect(isNamed(address, text)).toBe(false);
  });
});
