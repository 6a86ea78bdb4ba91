//! The door of the HTTP side: who may talk to us at all.
//!
//! Loopback is no boundary for a browser, so every request's `Host` must be one of ours (DNS
//! rebinding), and what changes something must not come from another site's page.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;

/// Host names, besides IP addresses and `localhost`, under which the console may be asked.
pub(super) struct AllowedHosts(pub Vec<String>);

/// Refuses foreign hosts and cross-site requests.
pub(super) async fn check(
    State(allowed): State<Arc<AllowedHosts>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    match verdict(&allowed, request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
    }
}

fn verdict(allowed: &AllowedHosts, method: &Method, headers: &HeaderMap) -> Result<(), String> {
    let host = text(headers, header::HOST.as_str()).unwrap_or_default();
    let name = host_name(host);
    if !is_ours(allowed, name) {
        return Err(format!(
            "host `{name}` is not served here: open the console by its IP address or as \
             localhost, or start freshet with --console-host {name}"
        ));
    }
    let is_upgrade = headers.contains_key(header::UPGRADE);
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) && !is_upgrade {
        return Ok(());
    }
    if let Some(site) = text(headers, "sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return Err("cross-site requests may not change anything".to_owned());
    }
    match text(headers, header::ORIGIN.as_str()) {
        None => Ok(()),
        Some(origin) if origin.split_once("://").is_some_and(|(_, rest)| rest == host) => Ok(()),
        Some(origin) => Err(format!("requests from origin {origin} may not change anything")),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn host_name(host: &str) -> &str {
    if let Some(end) = host.find(']') {
        return &host[..=end];
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn is_ours(allowed: &AllowedHosts, name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok()
        || allowed.0.iter().any(|host| host.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: Method, pairs: &[(&'static str, &'static str)]) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        verdict(&AllowedHosts(vec!["kafka.test".to_owned()]), &method, &headers)
    }

    #[test]
    fn loopback_and_named_hosts_are_served_and_rebound_names_are_not() {
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "kafka.test:8080"] {
            assert!(ask(Method::GET, &[("host", host)]).is_ok(), "{host}");
        }
        assert!(ask(Method::GET, &[("host", "evil.example:8080")]).is_err());
        assert!(ask(Method::GET, &[]).is_err());
    }

    #[test]
    fn changes_need_our_own_origin() {
        let host = ("host", "localhost:8080");
        assert!(ask(Method::POST, &[host]).is_ok());
        assert!(ask(Method::POST, &[host, ("origin", "http://localhost:8080")]).is_ok());
        assert!(ask(Method::POST, &[host, ("origin", "http://localhost:9999")]).is_err());
        assert!(ask(Method::POST, &[host, ("origin", "null")]).is_err());
        assert!(ask(Method::POST, &[host, ("sec-fetch-site", "cross-site")]).is_err());
        assert!(ask(Method::GET, &[host, ("origin", "http://evil.example")]).is_ok());
    }

    #[test]
    fn a_websocket_from_another_origin_is_refused() {
        let host = ("host", "localhost:8080");
        let upgrade = ("upgrade", "websocket");
        assert!(ask(Method::GET, &[host, upgrade, ("origin", "http://evil.example")]).is_err());
        assert!(ask(Method::GET, &[host, upgrade, ("origin", "http://localhost:8080")]).is_ok());
    }
}
