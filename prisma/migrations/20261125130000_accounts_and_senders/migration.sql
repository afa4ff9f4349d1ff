-- Credentials at a provider, and the organization they serve.
CREATE TABLE "provider_account" (
    "id" UUID NOT NULL,
    "organization_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "label" TEXT,
    "secrets" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_account_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "provider_account_provider_account_id_key" ON "provider_account"("provider", "account_id");
CREATE INDEX "provider_account_organization_id_idx" ON "provider_account"("organization_id");
ALTER TABLE "provider_account" ADD CONSTRAINT "provider_account_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the account that verified a delivery limits, kept with it: the account may be gone when it is run through again.
ALTER TABLE "delivery" ADD COLUMN "serves_only" TEXT;

-- What an inbound call hears, and how far the provider's own list was compared with ours.
ALTER TABLE "sender" ADD COLUMN "voice" JSONB,
ADD COLUMN "reconciled_until" TIMESTAMPTZ(3),
ADD COLUMN "recovered_count" INTEGER NOT NULL DEFAULT 0;
