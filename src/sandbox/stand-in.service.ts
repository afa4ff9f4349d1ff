import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Callbacks } from './callbacks.service.js';
import { control } from './control.plugin.js';
import { fbtraceId } from './invent.service.js';
import { metaDoor } from './meta-door.plugin.js';
import { metaError } from './meta-errors.js';
import { type Misbehavior, Misbehaviors } from './misbehavior.js';
import { logAndMisbehave } from './misbehavior.plugin.js';
import { type GivenAct, type Person, readPersonAct } from './person-act.js';
import { begin } from './person.service.js';
import { type SimulatedProvider } from './provider-delivery.js';
import { sendGridMail } from './sendgrid-mail.plugin.js';
import { type Stage } from './stage.js';
import { type AcceptedItem, type MadeCallback, type SeenRequest, StandInMemory } from './stand-in-memory.js';
import { DEFAULT_SETTINGS, type StandInSecrets, type StandInSettings } from './stand-in-settings.js';
import { twilioDoor } from './twilio-door.plugin.js';
import { refuse, twilioError } from './twilio-errors.js';
import { storage } from './twilio-files.plugin.js';

/** Above what SendGrid takes, so that it is SendGrid's own answer that says so. */
const BODY_LIMIT_BYTES = 48 << 20;
const GOODBYE_MS = 20;
const LOOPBACK = '127.0.0.1';

export interface StandInOptions extends Partial<StandInSettings> {
  readonly secrets: StandInSecrets;
  /** Twilio accounts besides that of the secrets, with their auth tokens. */
  readonly twilioAccounts?: Readonly<Record<string, string>>;
  /** 0, or none: one that is free. */
  readonly port?: number;
}

/**
 * Twilio, SendGrid and Meta on one port of this machine: their HTTP APIs, what they call back, and what can go wrong with them. Keeps the
 * newest of everything in memory, and nothing on disk. For who is without credentials, and for the tests.
 */
export class StandIn {
  private app: FastifyInstance | undefined;

  private constructor(
    private readonly stage: Stage,
    private port: number,
  ) {}

  static async start({ secrets, twilioAccounts = {}, port = 0, ...settings }: StandInOptions): Promise<StandIn> {
    const memory = new StandInMemory();
    const played = { ...DEFAULT_SETTINGS, ...settings };
    const stage: Stage = {
      secrets,
      settings: played,
      twilioAccounts: new Map([[secrets.TWILIO_ACCOUNT_SID, secrets.TWILIO_AUTH_TOKEN], ...Object.entries(twilioAccounts)]),
      memory,
      misbehaviors: new Misbehaviors(),
      callbacks: new Callbacks(played, memory),
      origin: () => standIn.url,
    };
    const standIn: StandIn = new StandIn(stage, port);
    await standIn.comeBack();
    return standIn;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  /** The variables by which a server is sent here instead of to the providers. */
  get baseUrls(): Readonly<Record<'TWILIO_BASE_URL' | 'SENDGRID_BASE_URL' | 'WHATSAPP_BASE_URL', string>> {
    return { TWILIO_BASE_URL: this.url, SENDGRID_BASE_URL: this.url, WHATSAPP_BASE_URL: this.url };
  }

  get settings(): Readonly<StandInSettings> {
    return this.stage.settings;
  }

  configure(settings: Partial<StandInSettings>): void {
    Object.assign(this.stage.settings, settings);
  }

  /** To one of the next requests, or to as many as it says. */
  misbehave(misbehavior: Misbehavior): void {
    this.stage.misbehaviors.add(misbehavior);
  }

  /** Takes back all that was to go wrong. */
  behave(): void {
    this.stage.misbehaviors.clear();
  }

  /** Every request the providers saw, the oldest first. */
  get requests(): readonly SeenRequest[] {
    return this.stage.memory.requests.all;
  }

  /** Those that asked to send something, or to call somebody. */
  sends(provider?: SimulatedProvider): readonly SeenRequest[] {
    return this.requests.filter(
      (seen) =>
        seen.method === 'POST' &&
        (provider === undefined || seen.provider === provider) &&
        /\/(?:Messages\.json|Calls\.json|mail\/send|messages)$/.test(seen.path),
    );
  }

  /** What the providers took on: of a mail each copy. */
  get accepted(): readonly AcceptedItem[] {
    return this.stage.memory.accepted.all;
  }

  /** What they told or asked, each attempt. */
  get callbacks(): readonly MadeCallback[] {
    return this.stage.memory.callbacks.all;
  }

  /** Forgets what `requests`, `accepted` and `callbacks` show; with `everything`, what the providers would list as well. */
  forget({ everything = false } = {}): void {
    if (everything) this.stage.memory.clear();
    else this.stage.memory.clearLog();
  }

  /** A person writes to us, or calls. The provider's id for it. Throws where that cannot be. */
  act(given: GivenAct): string {
    const act = readPersonAct(given);
    if (typeof act === 'string') throw new TypeError(act);
    let id = '';
    this.stage.callbacks.play((tale) => {
      const begun = begin(this.stage, tale, act);
      id = begun.id;
      return begun.told;
    });
    return id;
  }

  /** Resolves when all that began is told. */
  settle(): Promise<void> {
    return this.stage.callbacks.settle();
  }

  /** Nobody listens at its port any more: connections are refused. What it was told and knows stays. */
  async goAway(): Promise<void> {
    const { app } = this;
    this.app = undefined;
    app?.server.closeAllConnections();
    await app?.close();
    // Who kept a connection open hears of its end, and does not take it for one that still holds.
    if (app) await sleep(GOODBYE_MS);
  }

  /** Listens again, at the same port. */
  async comeBack(): Promise<void> {
    if (this.app) return;
    const app = build(this.stage, (act) => this.act(act));
    await app.listen({ port: this.port, host: LOOPBACK });
    // It keeps nobody's process alive.
    app.server.unref();
    this.port = (app.server.address() as AddressInfo).port;
    this.app = app;
  }

  async stop(): Promise<void> {
    this.stage.callbacks.stop();
    await this.goAway();
  }
}

function build(stage: Stage, person: Person): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, routerOptions: { maxParamLength: 500 } });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, new URLSearchParams(body as string)),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  logAndMisbehave(app, stage);
  app.setNotFoundHandler((request, reply) => answerError(request, reply, 404, `The requested resource ${request.url} was not found`));
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(request, reply, error.statusCode ?? 500, error.message));
  for (const door of [twilioDoor(stage), sendGridMail(stage), metaDoor(stage), control(stage, person), storage]) void app.register(door);
  return app;
}

/** What the doors themselves do not answer, in the words of whose API it is. */
function answerError(request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply {
  const provider = request.turn?.seen.provider;
  if (provider === 'META') return reply.code(status).send(metaError({ status, code: status < 500 ? 100 : 2, title: message }, fbtraceId()));
  if (provider === 'SENDGRID') return reply.code(status).send({ errors: [{ message, field: null, help: null }] });
  return reply.code(status).send(twilioError(refuse(status === 404 ? 20404 : status < 500 ? 20001 : 20500, message, status)));
}
