import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Scope } from './scope.js';

registerEnumType(Scope, {
  name: 'Scope',
  description: 'READ sees, DRAFT proposes sends that a person approves, SEND sends, ADMIN administers every organization.',
});

@ObjectType('ApiKey')
export class ApiKeyModel {
  @Field(() => ID)
  id!: string;

  @Field()
  label!: string;

  @Field(() => [Scope])
  scopes!: Scope[];

  @Field()
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;
}

@ObjectType('ApiKeyCreated')
export class ApiKeyCreatedModel {
  @Field(() => ApiKeyModel)
  apiKey!: ApiKeyModel;

  @Field({ description: 'Shown this once.' })
  key!: string;
}
