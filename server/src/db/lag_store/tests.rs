use super::*;
use crate::sampler::{GroupSample, StandingSample};

fn sample(at_ms: i64, lag: u64) -> Arc<Sample> {
    let standing = StandingSample {
        committed: 0,
        metadata: String::new(),
        start: 0,
        end: 0,
        lag,
        lag_ms: None,
    };
    let group = GroupSample {
        standings: BTreeMap::from([(("orders".to_owned(), 0), standing)]),
        ..GroupSample::default()
    };
    let groups = BTreeMap::from([("billing".to_owned(), group)]);
    Arc::new(Sample { at_ms, groups, ..Sample::default() })
}

async fn store(folder: &std::path::Path) -> LagStore {
    LagStore::new(crate::db::open(folder).await.unwrap(), "local")
}

async fn record(store: &LagStore, samples: Vec<Arc<Sample>>) {
    let (sender, receiver) = mpsc::channel(1_000);
    for sample in samples {
        sender.try_send(sample).unwrap();
    }
    drop(sender);
    store.clone().record(receiver).await;
}

const MINUTE: i64 = 60_000;
/// When the test begins.
const BEGIN: i64 = 1_000 * MINUTE;

#[tokio::test]
async fn history_survives_a_restart_with_its_holes_and_its_still_minutes() {
    let folder = tempfile::tempdir().unwrap();
    let first = store(folder.path()).await;
    // Ten minutes of which only the first and the last show a change, then a pause, then one more.
    let mut samples: Vec<_> = (0..10).map(|n| sample(BEGIN + n * MINUTE + 1_000, 5)).collect();
    samples.push(sample(BEGIN + 10 * MINUTE + 1_000, 7));
    record(&first, samples).await;
    record(&first, vec![sample(BEGIN + 20 * MINUTE + 1_000, 9)]).await;
    let blocks: i64 =
        sqlx::query_scalar("SELECT count(*) FROM lag_block").fetch_one(&first.pool).await.unwrap();
    assert_eq!(blocks, 3, "still minutes have no block");
    drop(first);

    let again = store(folder.path()).await;
    let history = again.read("billing", BEGIN, BEGIN + 22 * MINUTE, 22).await.unwrap().unwrap();
    let lag = &history.partitions[0].lag.values;
    assert_eq!(lag[0], Some(5));
    assert_eq!(lag[5], Some(5), "a still minute keeps its value");
    assert_eq!(lag[10], Some(7));
    assert_eq!(lag[15], None, "nobody was watching");
    assert_eq!(lag[20], Some(9));
    assert_eq!(again.read("nobody", BEGIN, BEGIN + 22 * MINUTE, 22).await.unwrap(), None);
}

#[tokio::test]
async fn old_blocks_keep_one_sample() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let busy = (0..60).map(|n| sample(MINUTE + n * 1_000, n.unsigned_abs())).collect();
    record(&store, busy).await;
    record(&store, vec![sample((FINE_MINUTES + 5) * MINUTE, 1)]).await;
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT block FROM lag_block ORDER BY minute LIMIT 1")
        .fetch_one(&store.pool)
        .await
        .unwrap();
    assert_eq!(LagBlock::decode(&bytes).unwrap().at_ms.len(), 1);
}
