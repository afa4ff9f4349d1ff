-- An email's first events make its row nearly twice as large, and a batch tells of all rows of a page at once: half a page was not enough for that.
ALTER TABLE activity SET (fillfactor = 33);
