import { NamedSenders } from './named-senders.js';
import { cpuMsOf } from '../../../test/support/cpu.js';

const isNamed = (address: string, text: string) => new NamedSenders([address]).isNamedIn(Buffer.from(text));

describe('A sender', () => {
  it.each([
    ['+15005550006', 'From=%2B15005550006&To='],
    ['+15005550006', 'From=whatsapp%3A%2B15005550006'],
    ['+15005550006', '{"display_phone_number":"15005550006"}'],
    ['+15005550006', 'From=sip%3A%2B15005550006%40pbx.example'],
    ['106540352242922', '{"phone_number_id":"106540352242922"}'],
    ['ventas@sur.example', 'from=Ventas+%3CVentas%40sur.example%3E'],
    ['ventas@sur.example', '{"from":"\\u003cventas@sur.example\\u003e"}'],
    ['ventas@sur.example', '{"text":"write to:\\nventas@sur.example."}'],
    ['ventas@sur.example', '{"to":"ventas+42@sur.example"}'],
    ['ventas@sur.example', '--x\r\nContent-Disposition: form-data; name="to"\r\n\r\n"V" <ventas@sur.example>\r\n--x--'],
    ["o'brien@sur.example", 'to=o%27brien%40sur.example'],
    ['ñandú@sur.example', 'To: ÑANDÚ@sur.example'],
    ['ñandú@sur.example', 'to=%C3%B1and%C3%BA%40sur.example'],
    ['ñandú@sur.example', '{"to":"\\u00f1and\\u00fa@sur.example"}'],
    ['sur.example', 'to=hola%40sur.example&'],
    ['rcs:sur_agent', 'From=rcs%3Asur_agent'],
    ['12345', 'From=%2B1202&To=12345'],
    ['662266', 'From=%2B1202&To=662266'],
    ['ACME', 'From=ACME&To=%2B1202'],
    ['MG11111111111111111111111111111111', 'MessagingServiceSid=MG11111111111111111111111111111111'],
  ])('%s is named by %s', (address, text) => {
    expect(isNamed(address, text)).toBe(true);
  });

  it.each([
    ['+15005550006', '115005550006'],
    ['+15005550006', '150055500067'],
    ['ventas@sur.example', 'preventas@sur.example'],
    ['ventas@sur.example', 'ventas@sur.example.mx'],
    ['l.com', 'ana@gmail.com'],
    ['sur.example', 'https://sur.example/hola'],
    ['To', 'From=a&To=b'],
    ['Event', '{"event":"bounce"}'.replace('event', 'evento')],
    ['ANA', 'Body=hola+ana'],
    ['12345', 'Body=call+12345'],
    ['662266', 'Body=your+code+is+662266.'],
  ])('%s is not named by %s', (address, text) => {
    expect(isNamed(address, text)).toBe(false);
  });

  it('is looked for in 40 MB of anything, among thousands', async () => {
    const senders = new NamedSenders(Array.from({ length: 5_000 }, (_, i) => `+1500${String(i).padStart(7, '0')}`));
    const spent = await cpuMsOf(() => {
      for (const said of ['a@', '%41', '"\\', 'x=1&', '1'.repeat(50), '@.'])
        expect(senders.isNamedIn(Buffer.from(said.repeat(Math.ceil((10 << 20) / said.length))))).toBe(false);
    });
    expect(spent).toBeLessThan(20_000);
  });
});
