//! The form itself.

use crate::api::ask;
use crate::api::produce::partition_for_key;
use crate::form::encoding_problem;
use crate::model::produce::{Acks, Encoding, PRODUCE_COUNT_MAX, ProduceForm, ProduceRequest};
use crate::state::post_form::{PostForm, Posting};
use crate::ui::button::{Weight, submit_pending};
use crate::ui::empty::alert;
use crate::ui::field::{
    Choice, TextField, field_error, hidden, labelled, select_field, text_area, text_field,
};
use crate::ui::reactive::{maybe, text as reactive_text};
use leptos::prelude::*;

const ENCODINGS: [(&str, &str, Encoding); 4] = [
    ("text", "text", Encoding::Text),
    ("json", "JSON", Encoding::Json),
    ("hex", "hex", Encoding::Hex),
    ("null", "null", Encoding::Null),
];

/// Every field of the form.
#[component]
pub fn ProduceFields(
    /// The cluster in the URL.
    cluster: String,
    /// What it starts from.
    form: ProduceForm,
    /// What it does.
    produce: Posting,
) -> impl IntoView {
    let ProduceForm { topic, partitions_count, draft, draft_warning, max_message_bytes, .. } = form;
    let key = RwSignal::new(draft.key.clone());
    let key_encoding = RwSignal::new(draft.key_encoding);
    let headers: Vec<String> =
        draft.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let warning = draft_warning.map(|text| alert("alert-warning", text));
    let limit = max_message_bytes.map_or_else(String::new, |bytes| {
        format!("At most {} as a batch.", crate::format::bytes(bytes.into()).text())
    });
    view! {
        {warning}
        <PostForm posting=produce>
            {hidden("cluster", cluster.clone())} {hidden("topic", topic.clone())} <div class="form">
                <PayloadField
                    name="key"
                    encoding_name="key_encoding"
                    label="Key"
                    hint="Records with the same key go to the same partition, in order."
                    rows=1
                    text=key
                    encoding=key_encoding
                />
                <PayloadField
                    name="value"
                    encoding_name="value_encoding"
                    label="Value"
                    hint=limit
                    rows=10
                    text=RwSignal::new(draft.value.clone())
                    encoding=RwSignal::new(draft.value_encoding)
                />
                {labelled(
                    "headers",
                    "Headers",
                    "One name: value a line.",
                    text_area("headers", headers.join("\n"), "trace-id: 4bf92f35".to_owned(), 2),
                )}
                <div class="form-pair">
                    <PartitionField
                        cluster=cluster
                        topic=topic
                        partitions_count=partitions_count
                        chosen=draft.partition
                        key=key
                        key_encoding=key_encoding
                    />
                    {count_field(draft.count)}
                </div>
                <div class="form-pair">
                    {select_field("compression", "Compression", "", compressions(&draft.compression))}
                    {select_field("acks", "Acknowledgement", "", acks(draft.acks))}
                </div>
                <div class="form-actions">
                    {submit_pending(Weight::Primary, "Produce", "Writing …", produce.is_pending.into())}
                </div>
            </div>
        </PostForm>
    }
}

/// A key or value with its encoding; checked as it is typed.
#[component]
fn PayloadField(
    /// Of the text.
    name: &'static str,
    /// Of the encoding.
    encoding_name: &'static str,
    /// Above it.
    label: &'static str,
    /// Below it.
    #[prop(into)]
    hint: String,
    /// Lines of the field.
    rows: u8,
    /// What is typed.
    text: RwSignal<String>,
    /// How it becomes bytes.
    encoding: RwSignal<Encoding>,
) -> impl IntoView {
    let choices = ENCODINGS.map(|(value, label, kind)| {
        view! { <option value=value selected=kind == encoding.get_untracked()>{label}</option> }
    });
    let problem =
        maybe(move || {
            let problem = text.with(|text| {
                if text.is_empty() { None } else { encoding_problem(text, encoding.get()) }
            });
            problem.map(field_error)
        });
    let is_null = move || encoding.get() == Encoding::Null;
    let size =
        reactive_text(move || text.with(|text| crate::format::bytes(text.len() as u64).text()));
    view! {
        <div class="field">
            <div class="field-head">
                <label for=name>{label}</label>
                <select
                    class="input input-small"
                    name=encoding_name
                    aria-label=format!("Encoding of the {name}")
                    on:change=move |event| {
                        encoding.set(crate::form::encoding(&event_target_value(&event)));
                    }
                >
                    {choices.collect_view()}
                </select>
                <span class="text-muted needs-js">{size}</span>
            </div>
            <textarea
                id=name
                name=name
                class="input mono"
                rows=rows.to_string()
                spellcheck="false"
                readonly=is_null
                on:input=move |event| text.set(event_target_value(&event))
            >
                {text.get_untracked()}
            </textarea>
            {problem}
            <p class="field-hint">{hint}</p>
        </div>
    }
}

/// Auto shows which partition the key hashes to, before sending.
#[component]
fn PartitionField(
    /// The cluster in the URL.
    cluster: String,
    /// The topic written to.
    topic: String,
    /// How many there are.
    partitions_count: i32,
    /// The one chosen already, if any.
    chosen: Option<i32>,
    /// The key typed so far.
    key: RwSignal<String>,
    /// How the key becomes bytes.
    key_encoding: RwSignal<Encoding>,
) -> impl IntoView {
    let answer = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let request = ProduceRequest {
            topic: topic.clone(),
            key: key.get(),
            key_encoding: key_encoding.get(),
            ..ProduceRequest::default()
        };
        if request.key.is_empty() || encoding_problem(&request.key, request.key_encoding).is_some()
        {
            return answer.set(None);
        }
        let cluster = cluster.clone();
        leptos::task::spawn_local(async move {
            let typed = request.key.clone();
            let found =
                ask(cluster, partition_for_key(request)).await.ok().and_then(|p| p.partition);
            // Only the answer to what stands in the field now.
            if key.try_get_untracked().as_ref() == Some(&typed) {
                answer
                    .set(found.map(|partition| format!("This key goes to partition {partition}.")));
            }
        });
    });
    let choices = (0..partitions_count.min(1_000))
        .map(|partition| (partition.to_string(), partition.to_string(), chosen == Some(partition)));
    let auto = (String::new(), "auto: the key decides".to_owned(), chosen.is_none());
    let choices = std::iter::once(auto).chain(choices).collect();
    view! {
        <div>
            {select_field("partition", "Partition", "", choices)}
            <p class="field-hint" aria-live="polite">{answer}</p>
        </div>
    }
}

fn count_field(count: u32) -> AnyView {
    text_field(TextField {
        name: "count",
        label: "How many",
        value: count.max(1).to_string(),
        hint: format!("1 to {PRODUCE_COUNT_MAX}; {{{{n}}}} in key or value becomes the number."),
        kind: "number",
        ..TextField::default()
    })
}

fn compressions(chosen: &str) -> Vec<Choice> {
    ["none", "gzip", "snappy", "lz4", "zstd"]
        .map(|name| (name.to_owned(), name.to_owned(), name == chosen))
        .to_vec()
}

fn acks(chosen: Acks) -> Vec<Choice> {
    [
        ("all", "all: durable as the topic promises", Acks::All),
        ("1", "1: written by the leader", Acks::Leader),
        ("0", "0: not awaited", Acks::None),
    ]
    .map(|(value, label, acks)| (value.to_owned(), label.to_owned(), acks == chosen))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_the_form_is_read_back() {
        for (word, _, kind) in ENCODINGS {
            assert_eq!(crate::form::encoding(word), kind);
        }
    }
}
