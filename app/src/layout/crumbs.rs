//! Where the reader is.

use crate::model::group::GroupsQuery;
use crate::model::topic::TopicsQuery;
use crate::routes::{self, TopicTab};
use crate::ui::reactive::reactive;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::location::Url;

/// One step of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    /// `None` for the present page.
    pub href: Option<String>,
    /// A name from Kafka rather than a word of ours.
    pub is_name: bool,
}

fn word(label: &str, href: Option<String>) -> Crumb {
    Crumb { label: label.to_owned(), href, is_name: false }
}

/// Splits a path into its steps.
#[must_use]
pub fn crumbs(path: &str) -> Vec<Crumb> {
    let segments: Vec<String> =
        path.split('/').filter(|part| !part.is_empty()).map(Url::unescape).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut crumbs = match segments.as_slice() {
        [_] => vec![word("Overview", None)],
        [_, "create-topic"] => vec![word("Topics", None), word("Create", None)],
        [cluster, "topics", rest @ ..] => topic_crumbs(cluster, rest),
        [cluster, "groups", rest @ ..] => group_crumbs(cluster, rest),
        [_, "cluster"] => vec![word("Cluster", None)],
        _ => Vec::new(),
    };
    if let [cluster, "create-topic"] = segments.as_slice() {
        crumbs[0].href = Some(routes::topics(cluster, &TopicsQuery::default()));
    }
    if let Some(last) = crumbs.last_mut() {
        last.href = None;
    }
    crumbs
}

fn topic_crumbs(cluster: &str, rest: &[&str]) -> Vec<Crumb> {
    let mut crumbs = vec![word("Topics", Some(routes::topics(cluster, &TopicsQuery::default())))];
    if let Some(name) = rest.first() {
        let href = routes::topic(cluster, name, TopicTab::Messages);
        crumbs.push(Crumb { label: (*name).to_owned(), href: Some(href), is_name: true });
    }
    match rest.get(1..).unwrap_or_default() {
        ["produce"] => crumbs.push(word("Produce", None)),
        ["delete"] => crumbs.push(word("Delete", None)),
        ["records", partition, offset] => {
            let label = format!("{partition} / {offset}");
            crumbs.push(Crumb { label, href: None, is_name: true });
        }
        _ => {}
    }
    crumbs
}

fn group_crumbs(cluster: &str, rest: &[&str]) -> Vec<Crumb> {
    let mut crumbs = vec![word("Groups", Some(routes::groups(cluster, &GroupsQuery::default())))];
    if let Some(name) = rest.first() {
        let href = routes::group(cluster, name);
        crumbs.push(Crumb { label: (*name).to_owned(), href: Some(href), is_name: true });
    }
    match rest.get(1..).unwrap_or_default() {
        ["offsets"] => crumbs.push(word("Edit offsets", None)),
        ["delete"] => crumbs.push(word("Delete", None)),
        _ => {}
    }
    crumbs
}

/// The steps in the top bar.
#[component]
pub fn Crumbs() -> impl IntoView {
    let location = use_location();
    let steps = reactive(move || {
        let steps = crumbs(&location.pathname.get());
        let steps = steps.into_iter().map(|crumb| {
            let class = if crumb.is_name { "mono" } else { "" };
            match crumb.href {
                Some(href) => {
                    view! { <li><a class=class href=href>{crumb.label}</a></li> }.into_any()
                }
                None => {
                    view! { <li><span class=class aria-current="page">{crumb.label}</span></li> }
                        .into_any()
                }
            }
        });
        steps.collect_view().into_any()
    });
    view! { <nav class="crumbs" aria-label="Breadcrumb"><ol>{steps}</ol></nav> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(path: &str) -> Vec<String> {
        crumbs(path).into_iter().map(|crumb| crumb.label).collect()
    }

    #[test]
    fn paths_become_steps_with_unescaped_names() {
        assert_eq!(labels("/local"), ["Overview"]);
        assert_eq!(labels("/local/topics/t/partitions"), ["Topics", "t"]);
        assert_eq!(labels("/local/topics/t/records/2/7"), ["Topics", "t", "2 / 7"]);
        assert_eq!(labels("/local/groups/a%2Fb/offsets"), ["Groups", "a/b", "Edit offsets"]);
        assert_eq!(labels("/local/create-topic"), ["Topics", "Create"]);
    }

    #[test]
    fn only_the_last_step_is_not_a_link() {
        let steps = crumbs("/local/groups/g/delete");
        let links: Vec<bool> = steps.iter().map(|crumb| crumb.href.is_some()).collect();
        assert_eq!(links, [true, true, false]);
    }
}
