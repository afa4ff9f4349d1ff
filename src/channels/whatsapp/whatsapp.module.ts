import { Module } from '@nestjs/common';
import { WhatsAppWebhooksController } from './whatsapp-webhooks.controller.js';
import { WhatsAppSendsResolver } from './whatsapp-sends.resolver.js';

/** The WhatsApp channel: its webhooks, and its mutation that sends. */
@Module({ controllers: [WhatsAppWebhooksController], providers: [WhatsAppSendsResolver] })
export class WhatsAppModule {}
