-- How far the lists of each account at a provider were compared with what we have.
CREATE TABLE "reconciliation" (
    "provider" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "looked_back_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "listed_by" TEXT,

    CONSTRAINT "reconciliation_pkey" PRIMARY KEY ("provider", "account_id", "channel")
);

-- A file of what a list told has no delivery that says whose credentials fetch it.
ALTER TABLE "attachment" ADD COLUMN "account_id" TEXT;

-- Attempts of which nobody knows how they ended are looked for in the provider's list: few at any time.
UPDATE "send_item" SET "state" = 'UNKNOWN' FROM "activity"
WHERE "activity"."id" = "send_item"."activity_id" AND "send_item"."state" = 'ENDED' AND "send_item"."attempts" > 0
  AND "activity"."status" = 'UNKNOWN' AND "activity"."external_id" IS NULL;
CREATE INDEX "send_item_unknown_idx" ON "send_item"("account_id", "attempted_at") WHERE "state" = 'UNKNOWN';
