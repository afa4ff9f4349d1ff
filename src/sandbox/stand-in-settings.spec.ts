import { isOurs, reachable } from './stand-in-settings.js';

describe('what is addressed to the server', () => {
  const at = { publicUrl: 'https://hub.example', deliverTo: 'http://127.0.0.1:3000' };

  it.each([
    ['https://hub.example/api?a=b', 'http://127.0.0.1:3000/api?a=b'],
    ['https://hub.example', 'http://127.0.0.1:3000'],
    ['https://hub.example.evil/api', 'https://hub.example.evil/api'],
    ['https://elsewhere.example/hub', 'https://elsewhere.example/hub'],
  ])('%s is asked for at %s', (url, reached) => {
    expect([reachable(url, at), isOurs(url, at.publicUrl)]).toEqual([reached, url !== reached]);
  });
});
