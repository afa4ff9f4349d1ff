import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Provider } from '../adapters/channel.js';

@ObjectType('ProviderAccount', { description: 'Credentials at a provider; never returned.' })
export class ProviderAccountModel {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  organizationId!: string;

  @Field(() => Provider)
  provider!: Provider;

  @Field()
  accountId!: string;

  @Field(() => String, { nullable: true })
  label!: string | null;

  @Field({
    description:
      'Whether its secrets open with the SECRETS_KEY that is set. Where they do not, what it signs is refused and nothing leaves by it: remove it and add it again.',
  })
  readable!: boolean;

  @Field()
  createdAt!: Date;
}
