-- The words of an activity: of a body the first 20,000 characters, so that one huge mail does not hold up the commit it comes in.
CREATE FUNCTION "activity_words"(subject text, body text, "from" text, "to" text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(subject, '') || E'\n' || left(coalesce(body, ''), 20000) || E'\n' || "from" || E'\n' || "to" $$;

-- pg_trgm may be created by whoever owns the database. Where the role may not, or the server has none, search works without an index:
-- docs/operations.md says how to add it.
DO $$
DECLARE
  place text;
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    NULL;
  END;
  SELECT n.nspname INTO place FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  IF place IS NOT NULL THEN
    EXECUTE format('CREATE INDEX activity_words_idx ON activity USING gin (activity_words(subject, body, "from", "to") %I.gin_trgm_ops)', place);
  END IF;
END
$$;
