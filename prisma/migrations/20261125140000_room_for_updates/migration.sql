-- An activity grows several times after it was written. With room on its page it stays there, and no index is told of it.
ALTER TABLE activity SET (fillfactor = 50);
