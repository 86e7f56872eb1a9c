CREATE TABLE library (
    identity TEXT NOT NULL, articles INTEGER NOT NULL, passages INTEGER NOT NULL, links INTEGER NOT NULL,
    terms TEXT NOT NULL, words INTEGER NOT NULL
);
CREATE TABLE models (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, revision TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL, current INTEGER NOT NULL
);
CREATE UNIQUE INDEX one_current ON models (current) WHERE current;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    page TEXT NOT NULL, truncated INTEGER NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL, author TEXT NOT NULL,
    language TEXT NOT NULL, length INTEGER NOT NULL, digest TEXT NOT NULL
);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_digest ON articles (digest);
CREATE TABLE bodies (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, levels TEXT NOT NULL, text TEXT NOT NULL,
    raw TEXT
);
CREATE TABLE tags (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE, position INTEGER NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag);
CREATE TABLE links (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE, position INTEGER NOT NULL, piece TEXT NOT NULL,
    PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX links_piece ON links (piece);
CREATE TABLE texts (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE vectors (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    text INTEGER NOT NULL REFERENCES texts ON DELETE CASCADE, vector BLOB NOT NULL, UNIQUE (text, model)
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL, text INTEGER NOT NULL REFERENCES texts
);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_text ON passages (text);
CREATE TABLE removed (sequence INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL);
CREATE TABLE rules (
    number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL,
    count INTEGER NOT NULL, state TEXT NOT NULL, UNIQUE (text, kind, scope)
);
CREATE TABLE titles (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text INTEGER NOT NULL REFERENCES texts
);
CREATE INDEX titles_text ON titles (text);
CREATE TABLE apart (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE sketches (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, hashes BLOB NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = 'ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row');
CREATE TRIGGER articles_words AFTER DELETE ON articles BEGIN DELETE FROM words WHERE rowid = old.number; UPDATE library SET words = words + 1; END;
CREATE TRIGGER articles_INSERT AFTER INSERT ON articles BEGIN UPDATE library SET articles = articles + 1; END;
CREATE TRIGGER articles_DELETE AFTER DELETE ON articles BEGIN UPDATE library SET articles = articles - 1; END;
CREATE TRIGGER passages_INSERT AFTER INSERT ON passages BEGIN UPDATE library SET passages = passages + 1; END;
CREATE TRIGGER passages_DELETE AFTER DELETE ON passages BEGIN UPDATE library SET passages = passages - 1; END;
CREATE TRIGGER links_INSERT AFTER INSERT ON links BEGIN UPDATE library SET links = links + 1; END;
CREATE TRIGGER links_DELETE AFTER DELETE ON links BEGIN UPDATE library SET links = links - 1; END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN INSERT INTO removed (passage) VALUES (old.number); END;
PRAGMA application_id = 1380273217;
PRAGMA user_version = 3;
