import { Module } from '@nestjs/common';
import { VoiceWebhooksController } from './voice-webhooks.controller.js';
import { CallsResolver } from './calls.resolver.js';

/** The voice channel: its webhooks, and its mutation that calls. */
@Module({ controllers: [VoiceWebhooksController], providers: [CallsResolver] })
export class VoiceModule {}
