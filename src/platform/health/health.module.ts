import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** Health: whether this process lives, and whether it can serve. */
@Module({ controllers: [HealthController] })
export class HealthModule {}
