//! Icons, drawn in the current text colour on a 16-unit grid.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Overview,
    Topics,
    Groups,
    Cluster,
    Search,
    Copy,
    Check,
    Close,
    Pause,
    Play,
    Sun,
    Moon,
    Auto,
    Rail,
    Warning,
    Inbox,
    Up,
    Columns,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Overview => "M2 9.5 5 6l3 3 3.5-5L14 7M2 13.5h12",
            Self::Topics => "M2.5 4h11M2.5 8h11M2.5 12h7",
            Self::Groups => {
                "M5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM1.5 13c0-2.2 1.6-3.5 \
                 3.5-3.5S8.5 10.8 8.5 13M8.8 9.900A3.6 3.6 0 0 1 11 9.5c1.9 0 3.5 1.3 3.5 3.5"
            }
            Self::Cluster => {
                "M3.5 2.5h9a1 1 0 0 1 1 1V6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1ZM3.5 \
                 9h9a1 1 0 0 1 1 1v2.5a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1ZM5 4.800h.01M5 11.200h.01"
            }
            Self::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5 14 14",
            Self::Copy => "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8Z",
            Self::Check => "m3 8.5 3.5 3.5L13 4.5",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Play => "M5 3.5v9l7.5-4.5Z",
            Self::Sun => {
                "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.400l1 1M11.6 \
                 11.600l1 1M12.6 3.400l-1 1M4.4 11.600l-1 1"
            }
            Self::Moon => "M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7Z",
            Self::Auto => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5h4.5M8 8h5.800M8 11h4.5",
            Self::Rail => "M2.5 3h11v10h-11ZM6 3v10",
            Self::Warning => "M8 2.5 14.5 13.5h-13ZM8 6.5v3.5M8 12h.01",
            Self::Inbox => "M2.5 9.5 4.5 3h7l2 6.5v3.5h-11ZM2.5 9.5H6l.8 1.5h2.400l.8-1.5h3.5",
            Self::Up => "m4 10 4-4 4 4",
            Self::Columns => "M2.5 3h11v10h-11ZM6.2 3v10M9.8 3v10",
        }
    }
}

/// Draws an icon; it says nothing to a screen reader, the text beside it or the label around it does.
#[must_use]
pub fn icon(icon: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
    .into_any()
}

/// Three waves: the mark of Freshet.
#[must_use]
pub fn brand_mark() -> AnyView {
    view! {
        <svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M2 6c2.7-3 5.3-3 8 0s5.3 3 8 0" />
            <path d="M2 11c2.7-3 5.3-3 8 0s5.3 3 8 0" opacity="0.6" />
            <path d="M2 16c2.7-3 5.3-3 8 0s5.3 3 8 0" opacity="0.3" />
        </svg>
    }
    .into_any()
}
