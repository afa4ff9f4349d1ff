// Before whatever loads Prisma.
import './platform/logging/quiet-prisma.service.js';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { endWithOutput } from './cli/closed-output.service.js';
import {
  type SimulateCallOptions,
  type SimulateMailOptions,
  type SimulateMessageOptions,
  type SimulateWhatsAppOptions,
} from './cli/simulate.service.js';
import { type SendKind, type SendOptions } from './cli/send-input.js';

/** The `centralita` command: what it offers. Each command's work is in cli/, loaded only when it is asked for. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  try {
    await describe().parseAsync(argv);
  } catch (error) {
    const foreseen = error instanceof Error && ['CommandError', 'ConfigError', 'DatabaseStartError'].includes(error.name);
    console.error(foreseen ? error.message : error);
    process.exit(1);
  }
}

/** Commands that are the server. */
const SERVERS = new Set(['start', 'dev']);

function describe(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const program = new Command('centralita')
    .description('A self-hosted switchboard: calls, SMS, WhatsApp and email as one live GraphQL feed.')
    .version(version)
    .hook('preAction', (_program, command) => (SERVERS.has(command.name()) ? undefined : endWithOutput()))
    .showHelpAfterError('Run it with --help to see what there is.')
    .addHelpText('after', example('npx centralita start'));

  program
    .command('start')
    .description(
      'Start the server. Without DATABASE_URL it brings its own PostgreSQL, without credentials the sandbox stands in for the providers.',
    )
    .addHelpText('after', example('PORT=4000 npx centralita start'))
    .action(async () => (await import('./main.js')).main());

  program
    .command('dev')
    .description('Start the server, and build and start it again whenever a source changes.')
    .addHelpText('after', example('npm run dev'))
    .action(async () => (await import('./cli/dev.service.js')).develop());

  describeSimulate(program.command('simulate'));
  describeSend(program.command('send'));

  const keys = program.command('keys').description('API keys.');
  keys.addHelpText('after', example('npx centralita keys create --organization 1'));
  keys
    .command('create')
    .description('Make an API key for one organization, with the running server. Only the key goes to standard output.')
    .requiredOption('--organization <id>', 'whose key it is')
    .option('--label <text>', 'what it is for', 'made on the command line')
    .option('--scopes <list>', 'what it may do: READ, DRAFT, SEND, by comma', 'READ,SEND')
    .addHelpText('after', example('npx centralita keys create --organization 1 --label "CRM" --scopes READ'))
    .action(async (options: Parameters<typeof import('./cli/create-key.service.js').createKey>[0]) =>
      (await import('./cli/create-key.service.js')).createKey(options),
    );

  const senders = program.command('senders').description('The addresses of organizations.');
  senders.addHelpText('after', example('npx centralita senders import senders.csv'));
  senders
    .command('import <file>')
    .description(
      'Make the senders of a CSV file (organization,channel,address[,provider][,label], named in its first line), and organizations that are missing. Run again, it makes what is new.',
    )
    .addHelpText('after', example('npx centralita senders import senders.csv'))
    .action(async (file: string) => (await import('./cli/import-senders.service.js')).importSenders(file));

  program
    .command('doctor')
    .description(
      'Say what is set and what is missing, never a value, what to do about it, and what to paste at the providers. Exits 1 where something needed is wrong.',
    )
    .addHelpText('after', example('npx centralita doctor'))
    .action(async () => (await import('./cli/doctor.service.js')).doctor());

  program
    .command('replay')
    .description('Run kept deliveries through again, by the running server; harmless for what was recorded.')
    .option('--state <list>', 'those that are now in one of these states, by comma', 'UNROUTED,UNMATCHED,PARTIAL,FAILED')
    .option('--since <time>', 'those that came since then: 24h, 7d, or 2026-11-25T08:00:00Z')
    .addHelpText('after', example('npx centralita replay', 'npx centralita replay --state FAILED --since 7d'))
    .action(async (options: Parameters<typeof import('./cli/replay.service.js').replay>[0]) =>
      (await import('./cli/replay.service.js')).replay(options),
    );

  program
    .command('migrate')
    .description("Bring the database to this version's schema, without starting the server (which does it by itself).")
    .option('--new-epoch', 'after a restore: end every cursor handed out so far with CURSOR_EXPIRED')
    .addHelpText('after', example('npx centralita migrate'))
    .action(async (options: { newEpoch?: boolean }) => (await import('./cli/migrate.service.js')).migrate(options));

  return program;
}

function describeSimulate(simulate: Command): void {
  simulate
    .description(
      'Play a provider: deliver something, properly signed, to the running server, and show what a live subscription hears of it.',
    )
    .addHelpText('after', example('npx centralita simulate sms', 'npx centralita simulate call'));
  const of = (name: string, description: string, to: string) =>
    simulate
      .command(name)
      .description(description)
      .option('--to <address>', `where it arrives: ${to} (default: the first)`)
      .option('--curl', 'print what is delivered as signed curl commands instead')
      .addHelpText('after', example(`npx centralita simulate ${name}`, `npx centralita simulate ${name} --curl | bash`));
  const run = async () => import('./cli/simulate.service.js');
  const ofUs = "one of the organizations' numbers";
  const from = ['--from <number>', 'who it is from', '+12025550147'] as const;

  of('call', 'Play Twilio: a call that rings, is answered, leaves a message and is completed, told in any order and in part twice.', ofUs)
    .option(...from)
    .option('--seconds <number>', 'how long it takes', '42')
    .action(async (options: SimulateCallOptions) => (await run()).simulateCall(options));
  of('sms', 'Play Twilio: an inbound SMS.', ofUs)
    .option(...from)
    .option('--body <text>', 'what they write', '¡Hola! Is anyone there?')
    .action(async (options: SimulateMessageOptions) => (await run()).simulateSms(options, { media: false }));
  of('mms', 'Play Twilio: an inbound MMS with a picture and a document.', ofUs)
    .option(...from)
    .option('--body <text>', 'what they write', 'Here is the picture. ¿Se ve bien?')
    .action(async (options: SimulateMessageOptions) => (await run()).simulateSms(options, { media: true }));
  of('whatsapp', 'Play Twilio or Meta: an inbound WhatsApp message.', `${ofUs}, at Meta by its phone number id`)
    .option(...from)
    .option('--body <text>', 'what they write', '¡Hola! Is anyone there?')
    .option('--provider <name>', 'who delivers it: twilio or meta', 'twilio')
    .action(async (options: SimulateWhatsAppOptions) => (await run()).simulateWhatsApp(options));
  of('email', "Play SendGrid's Inbound Parse: a mail that came in.", 'one of their addresses, or any in one of their domains')
    .option('--from <address>', 'who it is from', 'ana@example.com')
    .option('--subject <text>', 'what it is about', 'Opening hours')
    .option('--body <text>', 'what they write', '¡Hola! Is anyone there?')
    .action(async (options: SimulateMailOptions) => (await run()).simulateMail(options));
}

function describeSend(send: Command): void {
  send
    .description('Send by the running server, and show each step as a live subscription hears it, until it has arrived or failed.')
    .addHelpText(
      'after',
      example('npx centralita send sms --to +12025550147 --body "We open at nine."') +
        '\n\nIn the sandbox nobody real is written to. The exit code is 1 where it was refused, failed, or had not left when it was no longer waited for.',
    );
  const several = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
  const of = (kind: SendKind, description: string, to: readonly [flags: string, description: string]) =>
    send
      .command(kind)
      .description(description)
      .requiredOption(...to, several)
      .option('--from <address>', "who it is from: an address of the organization's (default: its first)")
      .action(async (options: SendOptions) => (await import('./cli/send.service.js')).send(kind, options));
  const number = ['--to <number>', 'who it is to: with + and country code'] as const;
  const media = ['--media <url>', 'a public https:// link to a file that goes with it; can be repeated', several] as const;
  const closing = (command: Command, ...lines: string[]) =>
    command
      .option('--organization <id>', 'who sends (default: who owns --from; of several 1)')
      .option('--idempotency-key <text>', 'with the same key and the same words it is sent once, however often this is run')
      .addOption(new Option('--wait <seconds>', 'how long to wait for the next step').default('60', '60'))
      .option('--no-wait', 'end when it is accepted')
      .addHelpText('after', example(...lines.map((line) => `npx centralita send ${line}`)));
  const at = ['--at <time>', 'when it leaves, such as 2026-11-25T08:00:00Z (default: now)'] as const;

  closing(
    of('sms', 'Send an SMS, or with --media an MMS.', number)
      .option('--body <text>', 'what it says')
      .option(...media)
      .option(...at),
    'sms --to +12025550147 --body "We open at nine."',
    'sms --to +15005530003 --body "In the sandbox this one fails"',
  );
  closing(
    of('whatsapp', 'Send a WhatsApp message: within 24 hours of the last one of theirs in words, else by a template.', number)
      .option('--body <text>', 'what it says')
      .option(...media)
      .option('--template <id>', 'a template instead: its content SID (Twilio), or its name (Meta)')
      .option('--language <code>', "the template's language, at Meta")
      .option('--variables <json>', 'what fills its places: {"1": "Ana"}')
      .option(...at),
    'whatsapp --to +12025550147 --body "We open at nine."',
    `whatsapp --to +12025550147 --template HX00000000000000000000000000000001 --variables '{"1": "Ana", "2": "9:00"}'`,
  );
  closing(
    of('email', 'Send an email, to each --to one of its own.', ['--to <address>', 'who it is to; can be repeated'])
      .requiredOption('--subject <text>', 'what it is about')
      .option('--text <text>', 'what it says')
      .addOption(new Option('--body <text>', 'the same as --text').hideHelp())
      .option('--html <html>', 'the same as HTML')
      .option('--cc <address>', 'who gets a copy; can be repeated', several)
      .option('--bcc <address>', 'who gets a copy unseen; can be repeated', several)
      .option('--reply-to <address>', 'where answers go')
      .option(...at),
    'email --to ana@example.com --subject "Opening hours" --text "We open at nine."',
  );
  closing(
    of('call', 'Place a call: ring --agent first and connect --to then, or read --say to who answers.', number)
      .option('--agent <number>', 'who of yours is rung first')
      .option('--say <text>', 'what is read to them')
      .option('--record', 'record it'),
    'call --to +12025550147 --say "Your order is ready."',
    'call --to +12025550147 --agent +12025550110',
  );
}

function example(...lines: string[]): string {
  return `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
