import { Module } from '@nestjs/common';
import { SmsWebhooksController } from './sms-webhooks.controller.js';
import { SmsSendsResolver } from './sms-sends.resolver.js';

/** The SMS channel: its webhooks, and its mutation that sends. */
@Module({ controllers: [SmsWebhooksController], providers: [SmsSendsResolver] })
export class SmsModule {}
