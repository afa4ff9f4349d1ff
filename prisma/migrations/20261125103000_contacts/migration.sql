-- The other parties of an organization, and how each is known.
CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "name" TEXT,
    "profile_name" TEXT,
    "profile_order" TEXT NOT NULL DEFAULT '',
    "external_id" TEXT,
    "read_up_to" BIGINT NOT NULL DEFAULT 0,
    "merged_into_id" UUID,
    "erased_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "contact_organization_id_id_idx" ON "contact"("organization_id", "id" DESC);
CREATE INDEX "contact_merged_into_id_idx" ON "contact"("merged_into_id");

CREATE TABLE "contact_identity" (
    "organization_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,

    CONSTRAINT "contact_identity_pkey" PRIMARY KEY ("organization_id","kind","value")
);
CREATE INDEX "contact_identity_contact_id_idx" ON "contact_identity"("contact_id");

-- Who may not be written to. An address is kept as its hash alone: consent outlives the contact.
CREATE TABLE "consent" (
    "organization_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "address_hash" TEXT NOT NULL,
    "opted_out" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("organization_id","channel","sender","address_hash")
);

-- Whose an activity is, and whether it was erased.
ALTER TABLE "activity" ADD COLUMN "contact_id" UUID,
ADD COLUMN "erased_at" TIMESTAMPTZ(3);
CREATE INDEX "activity_contact_id_occurred_at_id_idx" ON "activity"("contact_id", "occurred_at" DESC, "id" DESC);

-- Events of contacts stand in the feed too.
ALTER TABLE "event" ADD COLUMN "contact_id" UUID,
ALTER COLUMN "activity_id" DROP NOT NULL,
ALTER COLUMN "channel" DROP NOT NULL;

-- How often contacts were merged or erased: what was known of them before no longer holds.
ALTER TABLE "feed_head" ADD COLUMN "merges" INTEGER NOT NULL DEFAULT 0;

-- What named somebody who was erased.
ALTER TABLE "delivery" ADD COLUMN "erased_at" TIMESTAMPTZ(3);
