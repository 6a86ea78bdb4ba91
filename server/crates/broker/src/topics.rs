//! The topics in service: metadata joined with logs.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use uuid::Uuid;

use crate::partition::Partition;
use crate::settings::Settings;

/// A topic in service. Replaced as a whole when it grows, so readers never see half of a change.
pub(crate) struct Topic {
    pub(crate) name: Arc<str>,
    pub(crate) id: Uuid,
    /// Written by the broker only.
    pub(crate) is_internal: bool,
    pub(crate) settings: Arc<Settings>,
    pub(crate) partitions: Vec<Arc<Partition>>,
}

impl Topic {
    pub(crate) fn partition(&self, index: i32) -> Option<&Arc<Partition>> {
        usize::try_from(index).ok().and_then(|index| self.partitions.get(index))
    }
}

/// All topics in service, by name and by id.
#[derive(Default)]
pub(crate) struct Topics {
    maps: RwLock<Maps>,
}

#[derive(Default)]
struct Maps {
    by_name: HashMap<Arc<str>, Arc<Topic>>,
    by_id: HashMap<Uuid, Arc<Topic>>,
}

impl Topics {
    pub(crate) fn by_name(&self, name: &str) -> Option<Arc<Topic>> {
        self.maps.read().by_name.get(name).cloned()
    }

    pub(crate) fn by_id(&self, id: Uuid) -> Option<Arc<Topic>> {
        self.maps.read().by_id.get(&id).cloned()
    }

    pub(crate) fn partition(&self, name: &str, index: i32) -> Option<Arc<Partition>> {
        self.maps.read().by_name.get(name)?.partition(index).cloned()
    }

    /// Adds a topic, or replaces the one of the same id after it grew.
    pub(crate) fn put(&self, topic: Topic) {
        let topic = Arc::new(topic);
        let mut maps = self.maps.write();
        maps.by_name.insert(Arc::clone(&topic.name), Arc::clone(&topic));
        maps.by_id.insert(topic.id, topic);
    }

    /// Takes a topic out of service and wakes everybody who waits for it.
    pub(crate) fn remove(&self, id: Uuid) -> Option<Arc<Topic>> {
        let mut maps = self.maps.write();
        let topic = maps.by_id.remove(&id)?;
        maps.by_name.remove(&topic.name);
        drop(maps);
        for partition in &topic.partitions {
            partition.progress.fail();
        }
        Some(topic)
    }

    /// Every topic, in no order.
    pub(crate) fn all(&self) -> Vec<Arc<Topic>> {
        self.maps.read().by_id.values().cloned().collect()
    }
}
