-- How long a call was.
ALTER TABLE "activity" ADD COLUMN "duration_seconds" INTEGER;
