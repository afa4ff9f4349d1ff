-- Every send asks what was said about its recipient, of which sender or kind of mails whatever: by the address, not by all that was said in the channel.
CREATE INDEX "consent_address_hash_idx" ON "consent"("address_hash");
