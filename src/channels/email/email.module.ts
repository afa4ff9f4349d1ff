import { Module } from '@nestjs/common';
import { EmailWebhooksController } from './email-webhooks.controller.js';

/** The email channel: its webhooks. Sending comes with its mutations. */
@Module({ controllers: [EmailWebhooksController] })
export class EmailModule {}
