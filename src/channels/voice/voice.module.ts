import { Module } from '@nestjs/common';
import { VoiceWebhooksController } from './voice-webhooks.controller.js';

/** The voice channel: its webhooks. Placing calls comes with its mutations. */
@Module({ controllers: [VoiceWebhooksController] })
export class VoiceModule {}
