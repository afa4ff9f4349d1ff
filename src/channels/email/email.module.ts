import { Module } from '@nestjs/common';
import { EmailWebhooksController } from './email-webhooks.controller.js';
import { EmailSendsResolver } from './email-sends.resolver.js';

/** The email channel: its webhooks, and its mutation that sends. */
@Module({ controllers: [EmailWebhooksController], providers: [EmailSendsResolver] })
export class EmailModule {}
