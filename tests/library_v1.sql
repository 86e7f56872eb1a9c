CREATE TABLE model (name TEXT NOT NULL, revision TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, title TEXT NOT NULL,
    paragraphs TEXT NOT NULL, truncated INTEGER NOT NULL
);
CREATE TABLE links (
    page TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    piece TEXT NOT NULL REFERENCES articles(id), PRIMARY KEY (page, position)
);
CREATE TABLE vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE passages (
    article TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL,
    hash BLOB NOT NULL REFERENCES vectors(hash), PRIMARY KEY (article, position)
);
PRAGMA application_id = 1380273217;
PRAGMA user_version = 1;
