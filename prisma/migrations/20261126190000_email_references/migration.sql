-- An email is known by a hash of its id and its recipient: the address in clear would outlive who is erased. In one step, since no version that writes
-- it in clear was released.
UPDATE "reference" SET "value" = encode(sha256(convert_to("value", 'UTF8')), 'hex') FROM "activity"
WHERE "activity"."id" = "reference"."activity_id" AND "activity"."channel" = 'EMAIL';

-- "<account> <reference>" of what it answers; of ours "activity <id>".
UPDATE "activity" SET "reply_to" = split_part("reply_to", ' ', 1) || ' ' || encode(sha256(convert_to(substr("reply_to", strpos("reply_to", ' ') + 1), 'UTF8')), 'hex')
WHERE "channel" = 'EMAIL' AND "reply_to" LIKE '% % %';

-- "REFERENCE:<provider> <account> <reference>" among what it waits for.
UPDATE "delivery" SET "waits_for" = ARRAY(
  SELECT CASE WHEN waits LIKE 'REFERENCE:% % % %'
    THEN split_part(waits, ' ', 1) || ' ' || split_part(waits, ' ', 2) || ' '
      || encode(sha256(convert_to(substr(waits, length(split_part(waits, ' ', 1)) + length(split_part(waits, ' ', 2)) + 3), 'UTF8')), 'hex')
    ELSE waits END
  FROM unnest("waits_for") WITH ORDINALITY AS given(waits, place) ORDER BY place)
WHERE "state" IN ('UNROUTED', 'PARTIAL', 'UNMATCHED') AND array_to_string("waits_for", '|') LIKE '%REFERENCE:% % % %';
