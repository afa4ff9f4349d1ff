import { Injectable } from '@nestjs/common';
import { newId } from '../../platform/database/new-id.service.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/errors/coded-error.js';
import { type Language } from '../../platform/graphql/graphql-context.js';
import { AccessService } from '../access/access.service.js';
import { type Actor, holds } from '../access/actor.js';
import { Scope } from '../access/scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { ActivitiesService } from '../activities/activities.service.js';
import { type ActivityRow } from '../activities/activity-row.js';
import { ownReplyIn } from '../activities/own-reply.js';
import { Channel } from '../adapters/channel.js';
import { sanitizeMailHtml } from '../adapters/mail-html.js';
import { addressHashOf } from '../contacts/consent.js';
import { identityOf } from '../contacts/identity.js';
import { FeedPositionsService } from '../feed/feed-positions.service.js';
import { inputHashOf } from './input-hash.js';
import { answering } from './answering.js';
import { OutgoingFilesService } from './outgoing-files.service.js';
import { type PreparedSend } from './prepared-send.js';
import { readRequest, type ReadRequest } from './read-request.js';
import { type Accepted, SendLane } from './send-lane.service.js';
import { type SendRequest } from './send-request.js';
import { type KnownSend, readKnownSends } from './send-facts.sql.js';
import { type SendingAddress, SendingAddressesService } from './sending-addresses.service.js';
import { idempotencyConflict, refused } from './sends.errors.js';
import { filled, misfitOf } from './template-variables.js';
import { TemplatesService } from './templates.service.js';

/** Takes what a mutation asks for, makes it whole, and has it accepted. */
@Injectable()
export class SendsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly access: AccessService,
    private readonly activities: ActivitiesService,
    private readonly positions: FeedPositionsService,
    private readonly addresses: SendingAddressesService,
    private readonly templates: TemplatesService,
    private readonly files: OutgoingFilesService,
    private readonly lane: SendLane,
  ) {}

  /**
   * The activities of the send, one for each recipient, once they are committed. Throws NOT_FOUND and FORBIDDEN, BAD_USER_INPUT that names the
   * field, and what the rules refuse it for.
   */
  async send(actor: Actor, request: SendRequest, language: Language): Promise<ActivityRow[]> {
    const { organizationId, channel, input } = request;
    await this.access.require(actor, Scope.DRAFT, organizationId);
    const read = readRequest(request);
    const inputHash = inputHashOf({ ...input, idempotencyKey: null, channel });
    const known = () => this.knownBy(organizationId, read.idempotencyKey, inputHash);
    // Files would be kept again for nothing.
    const { result, made } =
      (request.attachments?.length ? await known() : undefined) ??
      (await this.acceptOr(known, () => this.prepare(actor, request, read, inputHash, language)));
    if (result.kind === 'CONFLICT') throw idempotencyConflict(language);
    if (result.kind === 'REFUSED') throw refused(result.refusal, language, read.recipients.length > 1 ? result.to : undefined);
    const missing = result.activityIds.filter((id) => !made.has(id));
    const others = await this.activities.byId(missing);
    return result.activityIds.map((id) => made.get(id) ?? others.get(id)!);
  }

  private async acceptOr(known: () => Promise<Accepted | undefined>, prepare: () => Promise<PreparedSend>): Promise<Accepted> {
    let prepared: PreparedSend;
    try {
      prepared = await prepare();
    } catch (error) {
      const before = await known();
      if (before) return before;
      throw error;
    }
    return this.lane.accept(prepared);
  }

  /** A look without the lock; under it the key is looked up again. A key that is known answers whatever would be wrong with the send now. */
  private async knownBy(organizationId: string, idempotencyKey: string | null, inputHash: string): Promise<Accepted | undefined> {
    if (idempotencyKey === null) return undefined;
    const [known] = await this.database.direct.$queryRaw<KnownSend[]>(readKnownSends([{ organizationId, idempotencyKey }]));
    if (!known) return undefined;
    const same = known.inputHash === inputHash;
    return { result: same ? { kind: 'ACCEPTED', activityIds: known.activityIds } : { kind: 'CONFLICT' }, made: new Map() };
  }

  private async prepare(
    actor: Actor,
    request: SendRequest,
    read: ReadRequest,
    inputHash: string,
    language: Language,
  ): Promise<PreparedSend> {
    const { organizationId, channel, ifLatest } = request;
    const address = await this.addresses.find(organizationId, channel, request.from ?? null, language);
    const answered = await this.answered(request);
    const before = answered && (await this.answeredBy(answered));
    const seenSeq = ifLatest == null ? null : await this.positions.find(organizationId, ifLatest, 'ifLatest');
    const { body, unapproved } = await this.filledBy(read, address, language);
    const { mediaUrls, template, call, mail } = read;
    const content = {
      ...(mediaUrls.length && { mediaUrls }),
      ...(template && { template }),
      ...(call && { call }),
      ...(mail && { mail }),
      ...(answered ? answering(answered, address, before) : { answers: null }),
      ...(seenSeq !== null && { seenSeq }),
    };
    const files = await this.files.find(request);
    const outbound = {
      ...content,
      from: address.from,
      to: read.recipients[0]!,
      subject: read.subject,
      body,
      files,
    };
    const problem = address.outbound.check(outbound);
    if (problem) throw badInput(problem.field, problem.problem);
    return {
      organizationId,
      channel,
      provider: address.provider,
      accountId: address.accountId,
      from: address.from,
      recipients: read.recipients.map((to) => ({
        activityId: newId(),
        to,
        addressHash: addressHashOf(organizationId, channel, to),
        identity: identityOf(channel, to) ?? null,
      })),
      subject: read.subject,
      body,
      html: mail?.html ? sanitizeMailHtml(mail.html, () => undefined) : null,
      content,
      files: await this.files.keep(organizationId, files),
      ...(unapproved && { unapproved }),
      // Nobody could tell what it says.
      metadata: template && body === null ? { ...read.metadata, template: { ...template } } : read.metadata,
      answersId: answered?.id ?? null,
      sendAt: request.sendAt ?? null,
      idempotencyKey: read.idempotencyKey,
      inputHash,
      sentBy: actor.subject,
      draft: !holds(actor, Scope.SEND),
    };
  }

  /** A template by its definition, where that can be had, and what it says with its places filled; else what there is. */
  private async filledBy(
    { body, template }: ReadRequest,
    { provider, accountId }: SendingAddress,
    language: Language,
  ): Promise<Pick<PreparedSend, 'body' | 'unapproved'>> {
    if (!template) return { body };
    const definition = await this.templates.find(provider, accountId, template);
    if (definition === undefined) return { body: null };
    const misfit = definition === null ? {} : misfitOf(definition, template.variables);
    if (misfit || definition === null) throw refused({ code: 'TEMPLATE_INVALID', details: misfit ?? {} }, language);
    return { body: filled(definition, template.variables), ...(definition.unapproved && { unapproved: true }) };
  }

  private async answered({ organizationId, channel, replyToId }: SendRequest): Promise<ActivityRow | undefined> {
    if (replyToId == null) return undefined;
    const id = replyToId.toLowerCase();
    const row = isUuid(id) ? (await this.activities.byId([id])).get(id) : undefined;
    if (row?.organizationId !== organizationId || row.channel !== channel || row.erasedAt !== null)
      throw badInput(
        'replyToId',
        `replyToId must be the id of ${channel === Channel.EMAIL ? 'an email' : 'a WhatsApp message'} of this organization.`,
      );
    return row;
  }

  /** What an email of ours answers itself: its thread goes on. */
  private async answeredBy({ channel, provider, replyTo }: ActivityRow): Promise<ActivityRow | undefined> {
    const id = channel === Channel.EMAIL && replyTo !== null ? ownReplyIn(`${provider} ${replyTo}`) : undefined;
    const row = id === undefined ? undefined : (await this.activities.byId([id])).get(id);
    return row?.erasedAt === null ? row : undefined;
  }
}
