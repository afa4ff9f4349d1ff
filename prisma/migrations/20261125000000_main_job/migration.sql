-- The main job: organizations and their senders, keys, the feed, activities, attachments and the delivery ledger.

CREATE TABLE "organization" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sender" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "label" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "sender_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sender_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "sender_channel_address_key" ON "sender"("channel", "address");
CREATE INDEX "sender_organization_id_idx" ON "sender"("organization_id");

CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_key_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
CREATE INDEX "api_key_organization_id_idx" ON "api_key"("organization_id");

-- Updated at every commit of its organization: room on the page keeps the update off the index.
CREATE TABLE "feed_head" (
    "organization_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "feed_head_pkey" PRIMARY KEY ("organization_id")
) WITH (fillfactor = 50);

CREATE TABLE "feed_epoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" BYTEA NOT NULL,
    "system_identifier" TEXT NOT NULL,
    "timeline" INTEGER NOT NULL,
    CONSTRAINT "feed_epoch_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "feed_epoch_one_row" CHECK ("id" = 1)
);

CREATE TABLE "event" (
    "organization_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "activity_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at_estimated" BOOLEAN NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "error" JSONB,
    "metadata" JSONB NOT NULL,
    "delivery_id" UUID,
    CONSTRAINT "event_pkey" PRIMARY KEY ("organization_id", "seq")
);
CREATE UNIQUE INDEX "event_activity_id_key_key" ON "event"("activity_id", "key");

CREATE TABLE "activity" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "external_id" TEXT,
    "direction" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "origin" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "body" TEXT,
    "error" JSONB,
    "milestones" JSONB NOT NULL,
    "metadata" JSONB NOT NULL,
    "provenance" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at_estimated" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "created_seq" BIGINT NOT NULL,
    "created_event_id" UUID NOT NULL,
    CONSTRAINT "activity_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 80);
CREATE INDEX "activity_organization_id_occurred_at_id_idx" ON "activity"("organization_id", "occurred_at" DESC, "id" DESC);
CREATE INDEX "activity_organization_id_from_idx" ON "activity"("organization_id", "from");
CREATE INDEX "activity_organization_id_to_idx" ON "activity"("organization_id", "to");

CREATE TABLE "reference" (
    "provider" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "activity_id" UUID NOT NULL,
    CONSTRAINT "reference_pkey" PRIMARY KEY ("provider", "account_id", "value")
);

CREATE TABLE "attachment" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "activity_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "source_url" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "attachment_activity_id_key_key" ON "attachment"("activity_id", "key");

CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "account_id" TEXT,
    "url" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "error" TEXT,
    "problems" JSONB NOT NULL,
    "headers" JSONB NOT NULL,
    "body" BYTEA NOT NULL,
    "activity_ids" UUID[],
    "waits_for" TEXT[],
    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);
-- What needs a person's eye is rare among what went well. An id begins with its time, so it orders.
CREATE INDEX "delivery_notable_idx" ON "delivery"("state", "id" DESC) WHERE "state" NOT IN ('PROCESSED', 'DUPLICATE');
CREATE INDEX "delivery_waits_for_idx" ON "delivery" USING GIN ("waits_for") WHERE "state" IN ('UNROUTED', 'PARTIAL', 'UNMATCHED');

-- A statement that must change all it set out to change says so: what changed meanwhile makes it a serialization failure, and nothing of it happens.
CREATE FUNCTION "require_all"("changed" BIGINT, "wanted" BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
    IF "changed" <> "wanted" THEN
        RAISE EXCEPTION 'changed meanwhile: % of %', "changed", "wanted" USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN TRUE;
END
$$;
