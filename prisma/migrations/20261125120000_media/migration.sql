-- Where an attachment's bytes are, and files that were uploaded before they belong to an activity.
ALTER TABLE "attachment" ADD COLUMN "stored_in" TEXT,
ALTER COLUMN "activity_id" DROP NOT NULL;

-- The bytes of attachments, in pieces, where no S3 has them.
CREATE TABLE "media_object" (
    "id" UUID NOT NULL,
    "piece" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "media_object_pkey" PRIMARY KEY ("id", "piece")
);
-- Media is compressed already.
ALTER TABLE "media_object" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- One row: the key that signs links to media, made by the first process that needs one.
CREATE TABLE "media_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key" BYTEA NOT NULL,

    CONSTRAINT "media_key_pkey" PRIMARY KEY ("id")
);
