import { Channel } from '../adapters/channel.js';
import { readSenderAddress } from './sender-address.js';

const read = (typed: string) => readSenderAddress(Channel.EMAIL, typed, undefined);

describe('An address of ours for mail', () => {
  it.each([
    ['Ventas@Norte.Example', 'ventas@norte.example'],
    ['norte.example', 'norte.example'],
    ['Bücher.example', 'bücher.example'],
    ['info@bücher.example', 'info@bücher.example'],
    ['xn--bcher-kva.example', 'bücher.example'],
    ['info@XN--bcher-kva.example', 'info@bücher.example'],
  ])('may be %s', (typed, address) => expect(read(typed)).toEqual({ address, provider: 'SENDGRID' }));

  it.each(['norte', 'ü', 'norte example', '@norte.example', 'bücher', 'ü..example'])('may not be %s', (typed) =>
    expect(read(typed)).toMatchObject({ field: 'address' }),
  );
});
