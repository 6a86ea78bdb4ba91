//! Snippets that connect a client, with the address that works from where the reader is.

use crate::ui::copy::CopyButton;
use leptos::prelude::*;

/// A language with its snippet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Python,
    Java,
    Go,
    Kcat,
}

impl Language {
    const ALL: [Self; 4] = [Self::Python, Self::Java, Self::Go, Self::Kcat];

    fn label(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Java => "Java",
            Self::Go => "Go",
            Self::Kcat => "kcat",
        }
    }

    fn snippet(self, bootstrap: &str, topic: &str) -> String {
        match self {
            Self::Python => format!(
                "# pip install quixstreams\nfrom quixstreams import Application\n\n\
                 app = Application(broker_address=\"{bootstrap}\")\n\
                 with app.get_producer() as producer:\n    \
                 producer.produce(topic=\"{topic}\", key=\"greeting\", value=\"hello\")\n"
            ),
            Self::Java => format!(
                "// org.apache.kafka:kafka-clients\nvar config = new Properties();\n\
                 config.put(\"bootstrap.servers\", \"{bootstrap}\");\n\
                 try (var producer = new KafkaProducer<>(config,\n        \
                 new StringSerializer(), new StringSerializer())) {{\n    \
                 producer.send(new ProducerRecord<>(\"{topic}\", \"greeting\", \"hello\")).get();\n}}\n"
            ),
            Self::Go => format!(
                "// go get github.com/twmb/franz-go\nclient, err := kgo.NewClient(kgo.SeedBrokers(\"{bootstrap}\"))\n\
                 if err != nil {{\n    log.Fatal(err)\n}}\ndefer client.Close()\n\
                 record := kgo.KeyStringRecord(\"greeting\", \"hello\")\nrecord.Topic = \"{topic}\"\n\
                 err = client.ProduceSync(ctx, record).FirstErr()\n"
            ),
            Self::Kcat => format!(
                "# write\necho greeting:hello | kcat -b {bootstrap} -t {topic} -P -K:\n\n\
                 # read, from the beginning\nkcat -b {bootstrap} -t {topic} -C -o beginning\n"
            ),
        }
    }
}

/// Tabs on radio buttons: they work without JavaScript, and switching needs no server.
#[component]
pub fn ConnectPanel(
    /// An address that clients can use.
    bootstrap: String,
    /// The topic in the snippets.
    topic: String,
) -> impl IntoView {
    let panels = Language::ALL.into_iter().map(|language| {
        let snippet = language.snippet(&bootstrap, &topic);
        let is_first = language == Language::Python;
        view! {
            <label class="snippet-tab">
                <input type="radio" name="snippet" checked=is_first />
                <span>{language.label()}</span>
            </label>
            <div class="snippet">
                <pre class="mono">{snippet.clone()}</pre>
                <CopyButton text=snippet what=format!("the {} snippet", language.label()) />
            </div>
        }
    });
    view! { <div class="snippets">{panels.collect_view()}</div> }
}
