import { Module } from '@nestjs/common';
import { WhatsAppWebhooksController } from './whatsapp-webhooks.controller.js';

/** The WhatsApp channel: its webhooks. Sending comes with its mutations. */
@Module({ controllers: [WhatsAppWebhooksController] })
export class WhatsAppModule {}
