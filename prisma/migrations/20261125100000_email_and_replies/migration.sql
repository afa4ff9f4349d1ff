-- What emails, replies and reactions say of an activity.
ALTER TABLE "activity" ADD COLUMN "subject" TEXT,
ADD COLUMN "reply_to" TEXT,
ADD COLUMN "reactions" JSONB NOT NULL DEFAULT '{}';

-- An email's HTML.
CREATE TABLE "activity_html" (
    "activity_id" UUID NOT NULL,
    "html" TEXT NOT NULL,

    CONSTRAINT "activity_html_pkey" PRIMARY KEY ("activity_id")
);

-- What providers say of a file, and which delivery named it.
ALTER TABLE "attachment" ADD COLUMN "file_name" TEXT,
ADD COLUMN "size_bytes" INTEGER,
ADD COLUMN "duration_seconds" INTEGER,
ADD COLUMN "inline" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "delivery_id" UUID,
ALTER COLUMN "source_url" DROP NOT NULL;
