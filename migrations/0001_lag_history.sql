-- Lag over time. One block per group and minute in which something changed; docs in server/src/db/lag_block.rs.
CREATE TABLE lag_block (
    cluster    TEXT    NOT NULL,
    group_id   TEXT    NOT NULL,
    minute     INTEGER NOT NULL, -- minutes since the epoch
    is_thinned INTEGER NOT NULL DEFAULT 0, -- one sample is left of an old block
    block      BLOB    NOT NULL,
    PRIMARY KEY (cluster, group_id, minute)
) WITHOUT ROWID;

CREATE INDEX lag_block_by_minute ON lag_block (minute, is_thinned);

-- Minutes in which the cluster was watched, as runs: a minute without a block is a steady lag inside
-- such a run, and unknown outside.
CREATE TABLE watched (
    cluster      TEXT    NOT NULL,
    first_minute INTEGER NOT NULL,
    last_minute  INTEGER NOT NULL,
    PRIMARY KEY (cluster, first_minute)
) WITHOUT ROWID;
