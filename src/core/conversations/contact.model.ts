import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Contact } from '../../generated/prisma/client.js';
import { PageInfoModel } from '../../platform/graphql/page-info.model.js';
import { IdentityKind } from '../adapters/activity-draft.js';

registerEnumType(IdentityKind, { name: 'IdentityKind' });

@ObjectType('ContactIdentity')
export class ContactIdentityModel {
  @Field(() => IdentityKind)
  kind!: IdentityKind;

  @Field()
  value!: string;
}

@ObjectType('Contact')
export class ContactModel {
  /** What the fields are resolved from; no field itself. */
  row!: Contact;

  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  organizationId!: string;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true, description: "The contact's id in the client's own system." })
  externalId!: string | null;
}

/** The name a person of the organization gave goes before the one of its profile. */
export function presentContact(row: Contact): ContactModel {
  return { row, id: row.id, organizationId: row.organizationId, name: row.name ?? row.profileName, externalId: row.externalId };
}

@ObjectType('ContactEdge')
export class ContactEdgeModel {
  @Field()
  cursor!: string;

  @Field(() => ContactModel)
  node!: ContactModel;
}

@ObjectType('ContactConnection')
export class ContactConnectionModel {
  @Field(() => [ContactEdgeModel])
  edges!: ContactEdgeModel[];

  @Field(() => PageInfoModel)
  pageInfo!: PageInfoModel;
}
