-- What is sent: the accepted mutation, each of its activities on the way out, and the turns of senders that are paced.
CREATE TABLE "send" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "input_hash" BYTEA NOT NULL,
    "sent_by" TEXT NOT NULL,
    "activity_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "send_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "send_organization_id_idempotency_key_key" ON "send"("organization_id", "idempotency_key");

CREATE TABLE "send_item" (
    "activity_id" UUID NOT NULL,
    "send_id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "paced" BOOLEAN NOT NULL DEFAULT false,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "attempted_at" TIMESTAMPTZ(3),
    "attempted_by" TEXT,
    "approved_by" TEXT,
    "content" JSONB NOT NULL,

    CONSTRAINT "send_item_pkey" PRIMARY KEY ("activity_id")
) WITH (fillfactor = 50);
CREATE INDEX "send_item_send_id_idx" ON "send_item"("send_id");
-- What is due, and what is without an outcome: few at any time, however many were sent.
CREATE INDEX "send_item_due_idx" ON "send_item"("due_at") WHERE "state" = 'WAITING';
CREATE INDEX "send_item_attempted_idx" ON "send_item"("attempted_by") WHERE "state" = 'ATTEMPTED';

CREATE TABLE "send_pace" (
    "organization_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "send_pace_pkey" PRIMARY KEY ("organization_id", "channel", "sender")
);

-- What an email provider says against an address, and when somebody last wrote to one of ours.
ALTER TABLE "consent" ADD COLUMN "reason" TEXT NOT NULL DEFAULT '';
CREATE TABLE "last_heard" (
    "organization_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "address_hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "last_heard_pkey" PRIMARY KEY ("organization_id", "channel", "sender", "address_hash")
);

-- One uploaded file may leave with several sends.
ALTER TABLE "attachment" ADD COLUMN "upload_id" UUID;
CREATE INDEX "attachment_upload_id_idx" ON "attachment"("upload_id");
