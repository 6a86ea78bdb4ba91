//! Reads that a page waits for: one resource type for all of them.

use crate::api::Read;
use crate::api::read::{Packed, Wanted, read_packed};
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server::codee::string::FromToStringCodec;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Something read from the server, and read again when what it depends on changes.
pub struct Reading<T> {
    resource: Resource<Packed, FromToStringCodec>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

/// What to read now; `None` for nothing.
type Source = Box<dyn Fn() -> Option<(String, Read)> + Send + Sync>;

fn resource(source: Source) -> Resource<Packed, FromToStringCodec> {
    Resource::new_str(source, |wanted| -> crate::api::read::Asking {
        match wanted {
            Some((cluster, read)) => read_packed(cluster, read),
            None => Box::pin(std::future::ready(Packed::Nothing)),
        }
    })
}

impl<T: DeserializeOwned + 'static> Reading<T> {
    /// Reads what `wanted` says: the cluster's name and the read.
    pub fn new(wanted: impl Fn() -> (String, Wanted<T>) + Send + Sync + 'static) -> Self {
        Self::maybe(move || Some(wanted()))
    }

    /// As [`Reading::new`]; reads nothing while `wanted` says `None`.
    pub fn maybe(wanted: impl Fn() -> Option<(String, Wanted<T>)> + Send + Sync + 'static) -> Self {
        let source = move || wanted().map(|(cluster, wanted)| (cluster, wanted.read));
        Self { resource: resource(Box::new(source)), answer: PhantomData }
    }

    /// The answer; `None` while it is read for the first time, and when nothing is wanted. Tracked.
    #[must_use]
    pub fn get(self) -> Option<Result<T, AppError>> {
        self.resource.get().and_then(|packed| packed.unpack())
    }

    /// The answer if there is one and it is good. Tracked.
    #[must_use]
    pub fn ok(self) -> Option<T> {
        self.get().and_then(Result::ok)
    }

    /// The answer if there is one and it is good. Not tracked.
    #[must_use]
    pub fn ok_untracked(self) -> Option<T> {
        self.resource.get_untracked().and_then(|packed| packed.unpack()).and_then(Result::ok)
    }

    /// Reads again; the old answer stays until the new one is there.
    pub fn again(self) {
        self.resource.refetch();
    }

    /// The answer in its encoded form. Tracked.
    #[must_use]
    pub fn packed(self) -> Option<Packed> {
        self.resource.get()
    }
}
