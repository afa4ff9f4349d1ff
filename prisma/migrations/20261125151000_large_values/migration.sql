-- Files are compressed already: to try it again only costs time.
ALTER TABLE "media_object" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
-- A large delivery is compressed while its provider waits: by LZ4, several times as fast, where the server has it.
DO $$ BEGIN
  ALTER TABLE "delivery" ALTER COLUMN "body" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
