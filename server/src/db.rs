//! The console's own state in SQLite: lag history for now. Records, offsets and topics never live
//! here.

mod lag_block;
mod lag_store;

pub(crate) use lag_store::LagStore;

use std::path::Path;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// The database's name in the data directory.
const FILE_NAME: &str = "console.db";
/// Connections: readers beside the one writer.
const CONNECTIONS_MAX: u32 = 4;

/// Opens the database, creating it when it is missing.
///
/// # Errors
/// The file can't be opened, or a newer Freshet has migrated it.
pub(crate) async fn open(data_dir: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(data_dir.join(FILE_NAME))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // With NORMAL a power cut silently takes back what was committed.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let pool =
        SqlitePoolOptions::new().max_connections(CONNECTIONS_MAX).connect_with(options).await?;
    sqlx::migrate!("../migrations").run(&pool).await?;
    Ok(pool)
}
