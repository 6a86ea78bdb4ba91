//! Leader epochs of one log (KIP-101, KIP-320).

use crate::encoding::Fields;

/// From which offset on an epoch's leader wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochStart {
    /// The leader epoch.
    pub epoch: i32,
    /// Its first offset.
    pub start_offset: i64,
}

/// Answer to OffsetForLeaderEpoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochEnd {
    /// The largest known epoch not above the one asked for.
    pub epoch: i32,
    /// The offset behind its last record.
    pub end_offset: i64,
}

/// Epochs and their first offsets, both growing. One entry at least: the current epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Epochs {
    starts: Vec<EpochStart>,
}

impl Epochs {
    pub(crate) fn new(epoch: i32, start_offset: i64) -> Epochs {
        Epochs { starts: vec![EpochStart { epoch, start_offset }] }
    }

    /// Nothing known yet; for replay, which ends with [`begin`](Epochs::begin).
    pub(crate) fn unknown() -> Epochs {
        Epochs { starts: Vec::new() }
    }

    /// Takes in a batch found on disk.
    pub(crate) fn replay(&mut self, epoch: i32, base_offset: i64) {
        if self.starts.last().is_none_or(|last| epoch > last.epoch) {
            self.starts.push(EpochStart { epoch, start_offset: base_offset });
        }
    }

    /// Makes `epoch` the current one from `start_offset` on; lower epochs change nothing.
    pub(crate) fn begin(&mut self, epoch: i32, start_offset: i64) {
        if self.starts.last().is_some_and(|last| last.epoch >= epoch) {
            return;
        }
        // An epoch in which nothing was written leaves no trace.
        while self.starts.last().is_some_and(|last| last.start_offset >= start_offset) {
            self.starts.pop();
        }
        self.starts.push(EpochStart { epoch, start_offset });
    }

    pub(crate) fn latest(&self) -> Option<i32> {
        self.starts.last().map(|last| last.epoch)
    }

    pub(crate) fn current(&self) -> i32 {
        self.latest().unwrap_or(0)
    }

    pub(crate) fn starts(&self) -> &[EpochStart] {
        &self.starts
    }

    /// The epoch whose leader wrote the batch at `base_offset`.
    pub(crate) fn at(&self, base_offset: i64) -> Option<i32> {
        let count = self.starts.partition_point(|start| start.start_offset <= base_offset);
        count.checked_sub(1).map(|last| self.starts[last].epoch)
    }

    /// Appends the epochs to `out`, for a snapshot.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.starts.len() as u32).to_be_bytes());
        for start in &self.starts {
            out.extend_from_slice(&start.epoch.to_be_bytes());
            out.extend_from_slice(&start.start_offset.to_be_bytes());
        }
    }

    /// Reads what [`encode`](Epochs::encode) wrote.
    pub(crate) fn decode(fields: &mut Fields<'_>) -> Option<Epochs> {
        let count = fields.count(12)?;
        let mut starts = Vec::with_capacity(count);
        for _ in 0..count {
            starts.push(EpochStart { epoch: fields.i32()?, start_offset: fields.i64()? });
        }
        Some(Epochs { starts })
    }

    /// Forgets epochs that ended at or before `log_start_offset`.
    pub(crate) fn drop_before(&mut self, log_start_offset: i64) {
        let keep = self.starts.partition_point(|start| start.start_offset <= log_start_offset);
        if keep > 1 {
            self.starts.drain(..keep - 1);
        }
        if let Some(first) = self.starts.first_mut() {
            first.start_offset = first.start_offset.max(log_start_offset);
        }
    }

    /// Where `epoch` ends; `None` for epochs above the current one.
    pub(crate) fn end_of(&self, epoch: i32, log_end_offset: i64) -> Option<EpochEnd> {
        let current = self.latest()?;
        if epoch > current || epoch < 0 {
            return None;
        }
        if epoch == current {
            return Some(EpochEnd { epoch, end_offset: log_end_offset });
        }
        let above = self.starts.partition_point(|start| start.epoch <= epoch);
        let end_offset = self.starts[above].start_offset;
        // Below everything known, the epoch asked for ends where the first known one begins.
        let epoch = above.checked_sub(1).map_or(epoch, |floor| self.starts[floor].epoch);
        Some(EpochEnd { epoch, end_offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_ends_where_the_next_begins() {
        let mut epochs = Epochs::new(0, 0);
        epochs.begin(2, 10);
        epochs.begin(5, 30);
        assert_eq!(epochs.end_of(0, 50), Some(EpochEnd { epoch: 0, end_offset: 10 }));
        assert_eq!(epochs.end_of(1, 50), Some(EpochEnd { epoch: 0, end_offset: 10 }));
        assert_eq!(epochs.end_of(3, 50), Some(EpochEnd { epoch: 2, end_offset: 30 }));
        assert_eq!(epochs.end_of(5, 50), Some(EpochEnd { epoch: 5, end_offset: 50 }));
        assert_eq!(epochs.end_of(6, 50), None);
        epochs.drop_before(20);
        assert_eq!(epochs.end_of(0, 50), Some(EpochEnd { epoch: 0, end_offset: 20 }));
    }

    #[test]
    fn an_epoch_without_records_is_replaced() {
        let mut epochs = Epochs::new(0, 0);
        epochs.begin(1, 0);
        epochs.begin(2, 0);
        epochs.begin(1, 9);
        assert_eq!(epochs.starts(), [EpochStart { epoch: 2, start_offset: 0 }]);
    }
}
