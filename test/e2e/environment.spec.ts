import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIGS } from '../../src/configs.js';
import { variablesOf } from '../../src/platform/config/variable.js';
import { ROOT } from '../support/command.js';

/** `# description` on one line or several, then `# NAME=example` or `NAME=example`. */
function readCards(file: string): { name: string; description: string }[] {
  const cards: { name: string; description: string }[] = [];
  let prose: string[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name] = /^(?:# ?)?([A-Z][A-Z0-9_]*)=/.exec(line) ?? [];
    if (name) cards.push({ name, description: prose.join(' ') });
    if (name || !line.startsWith('#')) prose = [];
    else prose.push(line.replace(/^# ?/, '').trim());
  }
  return cards;
}

describe('.env.example', () => {
  const cards = CONFIGS.flatMap((config) => variablesOf(config));
  const written = readCards(path.join(ROOT, '.env.example'));

  it('names exactly the variables that the program reads, each once', () => {
    expect(written.map(({ name }) => name).sort()).toEqual(cards.map(({ name }) => name).sort());
  });

  it.each(cards.map(({ name, description }) => [name, description]))('describes %s as its module does', (name, description) => {
    expect(written.find((card) => card.name === name)?.description).toBe(description);
  });

  it('sets nothing that would make a copy of it a working start with real credentials', () => {
    const set = readFileSync(path.join(ROOT, '.env.example'), 'utf8')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line));
    expect(set.filter((line) => /^(TWILIO|SENDGRID|WHATSAPP|ADMIN_API_KEY|JWT_SECRET)/.test(line) && !line.endsWith('='))).toEqual([]);
  });

  it('is there beside the README', () => {
    expect(existsSync(path.join(ROOT, '.env.example'))).toBe(true);
  });
});
