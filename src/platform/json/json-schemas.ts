import { Ajv } from 'ajv';

/** Compiles every schema of what comes from outside. One for all: each `Ajv` compiles JSON Schema's own schema anew, 50 ms of the start. */
export const jsonSchemas = new Ajv({ allowUnionTypes: true });
