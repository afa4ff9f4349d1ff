import { Module } from '@nestjs/common';
import { SmsWebhooksController } from './sms-webhooks.controller.js';

/** The SMS channel: its webhooks. Sending comes with its mutations. */
@Module({ controllers: [SmsWebhooksController] })
export class SmsModule {}
