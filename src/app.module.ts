import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EmailModule } from './channels/email/email.module.js';
import { SmsModule } from './channels/sms/sms.module.js';
import { VoiceModule } from './channels/voice/voice.module.js';
import { WhatsAppModule } from './channels/whatsapp/whatsapp.module.js';
import { AccessModule } from './core/access/access.module.js';
import { ActivitiesModule } from './core/activities/activities.module.js';
import { AdaptersModule } from './core/adapters/adapters.module.js';
import { AttachmentsModule } from './core/attachments/attachments.module.js';
import { ContactsModule } from './core/contacts/contacts.module.js';
import { ConversationsModule } from './core/conversations/conversations.module.js';
import { DeliveriesModule } from './core/deliveries/deliveries.module.js';
import { type RefusalHint } from './core/deliveries/refusal-hint.js';
import { ReconciliationModule } from './core/reconciliation/reconciliation.module.js';
import { SendsModule } from './core/sends/sends.module.js';
import { FeedModule } from './core/feed/feed.module.js';
import { OrganizationsModule } from './core/organizations/organizations.module.js';
import { type Seeds } from './core/organizations/seed.service.js';
import { ConfigModule } from './platform/config/config.module.js';
import { type Environment } from './platform/config/environment.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { ErrorFilter } from './platform/errors/error.filter.js';
import { GraphqlModule } from './platform/graphql/graphql.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MetaModule } from './providers/meta/meta.module.js';
import { SendGridModule } from './providers/sendgrid/sendgrid.module.js';
import { TwilioModule } from './providers/twilio/twilio.module.js';
import { SandboxModule } from './sandbox/sandbox.module.js';
import { type StandIn } from './sandbox/stand-in.service.js';

const PLATFORM = [LoggingModule, HttpModule, DatabaseModule, JobsModule, GraphqlModule, HealthModule];
const CORE = (start: Start) => [
  AdaptersModule,
  AccessModule,
  OrganizationsModule.forRoot(start.seeds),
  ContactsModule,
  FeedModule,
  ActivitiesModule,
  ConversationsModule,
  AttachmentsModule,
  DeliveriesModule.forRoot(start.refusalHint),
  SendsModule,
  ReconciliationModule,
];
const CHANNELS = [VoiceModule, SmsModule, WhatsAppModule, EmailModule];
const PROVIDERS = [TwilioModule, MetaModule, SendGridModule];
const SANDBOX = ({ standIn }: Start) => (standIn ? [SandboxModule.forRoot(standIn)] : []);

/** What a start decides beside the environment. */
export interface Start {
  /** The first organization's senders. */
  readonly seeds: Seeds;
  /** Ends the answer of a refused webhook. */
  readonly refusalHint: RefusalHint;
  /** What stands in for the providers, in the sandbox. */
  readonly standIn?: StandIn;
}

/** The map: what the product is made of. */
@Module({})
export class AppModule {
  static forRoot(environment: Environment, start: Start): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.forRoot(environment), ...PLATFORM, ...CORE(start), ...CHANNELS, ...PROVIDERS, ...SANDBOX(start)],
      providers: [{ provide: APP_FILTER, useClass: ErrorFilter }],
    };
  }
}
