//! Buttons, badges, fields, tables, panels.

use crate::model::message::Preview;
use crate::ui::badge::{Tone, badge, category_class, chip, tick};
use crate::ui::button::{Button, IconButton, Weight, disabled_button, link_button, submit_pending};
use crate::ui::copy::CopyButton;
use crate::ui::dialog::Dialog;
use crate::ui::empty::{Failure, alert, empty, failure};
use crate::ui::field::{TextField, select_field, text_area, text_field};
use crate::ui::icon::Icon;
use crate::ui::menu::Menu;
use crate::ui::pane::{facts, legend, pane, table_pane};
use crate::ui::skeleton::{block, strip_skeleton, table_skeleton};
use crate::ui::stat::{Stat, strip};
use crate::ui::table::{Head, row_link, table};
use crate::ui::tabs::{Tab, segments, tabs};
use freshet_codec::PayloadKind;
use leptos::prelude::*;

/// All of them.
#[must_use]
pub fn controls() -> AnyView {
    view! {
        <div class="grid-two">
            {pane("Buttons", (), buttons())} {pane("Words", (), words())}
            {pane("Navigation", (), navigation())} {pane("Fields", (), fields())}
            {pane("Figures", (), figures())} {pane("Alerts", (), alerts())}
            {pane("Empty", (), empty("Nothing here yet", "What this is and why it is empty.", link_button(Weight::Primary, "#".to_owned(), "Next action")))}
            {pane("Failed", (), failed())} {pane("Loading", (), loading())}
            {pane("Previews", (), previews())} {rows()} {pane("Facts", (), some_facts())}
        </div>
    }
    .into_any()
}

fn buttons() -> AnyView {
    let dialog = NodeRef::new();
    let busy = Signal::derive(|| true);
    view! {
        <div class="toolbar">
            {link_button(Weight::Primary, "#".to_owned(), "Primary")}
            {link_button(Weight::Secondary, "#".to_owned(), "Secondary")}
            {link_button(Weight::Ghost, "#".to_owned(), "Ghost")}
            {link_button(Weight::Danger, "#".to_owned(), "Danger")}
            {disabled_button("Off", "the group has members")}
            {submit_pending(Weight::Primary, "Save", "Saving …", busy)}
        </div>
        <div class="toolbar">
            <Button on_press=move || crate::state::browser::open_dialog(dialog)>"Open a dialog"</Button>
            <IconButton icon_shown=Icon::Columns label="An icon" on_press=|| () />
            <CopyButton text="copied" what="this" />
            <Menu label=|| "Menu" title="A menu">
                <a class="menu-item" href="#">"First"</a>
                <a class="menu-item" href="#">"Second"</a>
            </Menu>
        </div>
        <Dialog node=dialog title="A dialog"><p>"Focus stays inside, Esc closes it."</p></Dialog>
    }
    .into_any()
}

fn words() -> AnyView {
    let ticks = (0..12).map(tick);
    let swatches = (0..12).map(|index| {
        let class = format!("swatch {}", category_class(index));
        view! { <i class=class></i> }
    });
    view! {
        <div class="toolbar">
            {badge(Tone::Neutral, "neutral")} {badge(Tone::Accent, "accent")}
            {badge(Tone::Good, "good")} {badge(Tone::Warning, "warning")}
            {badge(Tone::Danger, "danger")} {chip("partition 0, 2", "#".to_owned(), "the partitions")}
        </div>
        <div class="toolbar">{ticks.collect_view()}</div>
        <div class="toolbar">{swatches.collect_view()}</div>
        <p>
            "Text, " <span class="text-muted">"muted"</span> ", " <span class="text-faint">"faint"</span>
            ", " <span class="mono">"monospace 0O 1lI"</span> ", " <a class="link" href="#">"a link"</a>
        </p>
        <h1>"Heading one"</h1>
        <h2>"Heading two"</h2>
        <h3>"Heading three"</h3>
    }
    .into_any()
}

fn navigation() -> AnyView {
    let tab = |label, note: &str, is_current| Tab {
        label,
        href: "#".to_owned(),
        note: note.to_owned(),
        is_current,
    };
    let choice = |text: &str, is_current| (text.to_owned(), "#".to_owned(), is_current);
    view! {
        {tabs("Example", vec![tab("Messages", "", true), tab("Partitions", "4", false), tab("Configuration", "2 set", false)])}
        <div class="toolbar">
            {segments("Example", vec![choice("Live", true), choice("Newest", false), choice("Oldest", false)])}
        </div>
        {legend(vec![("c0", "in".to_owned()), ("c1", "out".to_owned())])}
    }
    .into_any()
}

fn fields() -> AnyView {
    let choices = ["delete", "compact"].map(|name| (name.to_owned(), name.to_owned(), false));
    view! {
        <div class="form">
            {text_field(TextField {
                name: "example",
                label: "Name",
                placeholder: "weather_data".to_owned(),
                hint: "A hint below.".to_owned(),
                is_mono: true,
                ..TextField::default()
            })} {select_field("example_select", "Choice", "", choices.to_vec())}
            {text_area("example_area", "{\"n\": 1}".to_owned(), String::new(), 2)}
            <p class="field-error">"What is wrong stands beneath the field."</p>
            <label class="check"><input type="checkbox" checked />"A check box"</label>
        </div>
    }
    .into_any()
}

fn figures() -> AnyView {
    strip(
        vec![
            Stat::new("Messages", crate::format::integer(729_761), "exact"),
            Stat::new("In", "312", "msg/s"),
            Stat::new("Worst lag", crate::format::integer(12_304), "4.2 s ↓").toned(Tone::Warning),
            Stat::new("Offline", "1", "partition").toned(Tone::Danger),
        ],
        None,
    )
}

fn alerts() -> AnyView {
    view! {
        {alert("alert-good", "Something was done.")}
        {alert("alert-warning", "Something should be looked at.")}
        {alert("alert-danger", "Something failed.")}
    }
    .into_any()
}

fn failed() -> AnyView {
    let retry = link_button(Weight::Secondary, "#".to_owned(), "Try again");
    failure(
        Failure {
            title: "Kafka refused".to_owned(),
            text: "topic “orders” exists already".to_owned(),
            remedy: "Choose another name.".to_owned(),
            raw: Some("TOPIC_ALREADY_EXISTS (36)".to_owned()),
        },
        retry,
    )
}

fn loading() -> AnyView {
    view! { {strip_skeleton(3)} {table_skeleton(4, 3)} {block("h-16")} }.into_any()
}

fn previews() -> AnyView {
    let example = |kind, text: &str| {
        let preview = Preview { kind, text: text.to_owned(), size_bytes: 0, is_cut: false };
        view! { <p class="mono">{crate::components::payload::preview(&preview)}</p> }
    };
    view! {
        {example(PayloadKind::Json, r#"{"city": "Oslo", "t": 11.4, "ok": true, "n": null}"#)}
        {example(PayloadKind::Text, "plain text")} {example(PayloadKind::Binary, "00 ff 10")}
        {example(PayloadKind::Null, "")} {example(PayloadKind::Empty, "")}
    }
    .into_any()
}

fn rows() -> AnyView {
    let row = |name: &str, size: &str, is_selected: bool| {
        view! {
            <tr aria-selected=is_selected.then_some("true")>
                <td class="mono name">{row_link("#".to_owned(), name)}</td>
                <td class="num mono">{size.to_owned()}</td>
            </tr>
        }
    };
    let columns = vec![
        Head::text("Name").sorting("#".to_owned(), Some("ascending")),
        Head::number("Size").sorting("#".to_owned(), None),
    ];
    let rows = view! { {row("clicks", "8.1 GB", false)} {row("weather_data", "138 MB", true)} {row("orders", "3.9 GB", false)} };
    table_pane("Rows", "one is selected", table("Example", columns, rows.into_any()))
}

fn some_facts() -> AnyView {
    facts(vec![
        ("Partition", tick(2)),
        ("Offset", view! { <span class="mono">"182563"</span> }.into_any()),
        ("Batch", "12 records, compression zstd".into_any()),
    ])
}
