//! The document around the pages, and the pages by their routes.

use crate::layout::Layout;
use crate::pages;
use crate::prefs::Prefs;
use crate::state::prefs::provide_prefs;
use crate::state::toast::provide_toasts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// Where the server serves the built assets, names hashed; each starts with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetNames {
    pub css: String,
    pub js: String,
    pub wasm: String,
}

/// The whole document. The server calls it for each request; `prefs` come from the request's cookies.
pub fn shell(assets: AssetNames, prefs: &Prefs) -> impl IntoView + use<> {
    let start = format!(
        "import('{}').then(m=>m.default({{module_or_path:'{}'}}).then(()=>m.hydrate()))",
        assets.js, assets.wasm
    );
    let rail = if prefs.is_rail_collapsed { "collapsed" } else { "open" };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=prefs.theme.name() data-rail=rail>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="stylesheet" href=assets.css />
                <link
                    rel="preload"
                    href="/fonts/inter-5.2.8.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="modulepreload" href=assets.js />
                <link
                    rel="preload"
                    href=assets.wasm
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                <script type="module" nonce=use_nonce()>
                    {start}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn document_title(text: String) -> String {
    if text.is_empty() { "Freshet".to_owned() } else { format!("{text} · Freshet") }
}

/// The console: what the server renders and the browser hydrates.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_prefs();
    provide_toasts();
    const MODE: SsrMode = SsrMode::Async;
    view! {
        <Title formatter=document_title />
        <Router>
            <Routes fallback=pages::not_found::NotFoundPage>
                <Route path=path!("/") view=pages::home::HomePage ssr=MODE />
                <Route path=path!("/design") view=pages::design::DesignPage ssr=MODE />
                <ParentRoute path=path!("/:cluster") view=Layout ssr=MODE>
                    <Route path=path!("") view=pages::overview::OverviewPage ssr=MODE />
                    <Route path=path!("topics") view=pages::topics::TopicsPage ssr=MODE />
                    <Route path=path!("create-topic") view=pages::create_topic::CreateTopicPage ssr=MODE />
                    <ParentRoute path=path!("topics/:topic") view=pages::topic::TopicPage ssr=MODE>
                        <Route path=path!("") view=pages::topic::messages::MessagesTab ssr=MODE />
                        <Route path=path!("partitions") view=pages::topic::partitions::PartitionsTab ssr=MODE />
                        <Route path=path!("consumers") view=pages::topic::consumers::ConsumersTab ssr=MODE />
                        <Route path=path!("configuration") view=pages::topic::configuration::ConfigurationTab ssr=MODE />
                    </ParentRoute>
                    <Route path=path!("topics/:topic/produce") view=pages::produce::ProducePage ssr=MODE />
                    <Route path=path!("topics/:topic/delete") view=pages::delete_topic::DeleteTopicPage ssr=MODE />
                    <Route path=path!("topics/:topic/records/:partition/:offset") view=pages::record::RecordPage ssr=MODE />
                    <Route path=path!("groups") view=pages::groups::GroupsPage ssr=MODE />
                    <Route path=path!("groups/:group") view=pages::group::GroupPage ssr=MODE />
                    <Route path=path!("groups/:group/offsets") view=pages::offsets::OffsetsPage ssr=MODE />
                    <Route path=path!("groups/:group/delete") view=pages::delete_group::DeleteGroupPage ssr=MODE />
                    <Route path=path!("cluster") view=pages::cluster::ClusterPage ssr=MODE />
                    <Route path=path!("*any") view=pages::not_found::NotFoundPage ssr=MODE />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
