// Keeps pages for when the server is away: the network first, for three seconds, then the copy.
// It never touches what is sent, only what is read; entries are the page's own (outbox.js).
(function () {
  "use strict";
  var PAGES = "wardlight-pages";
  var ASSETS = "wardlight-assets";
  var OWNER = "wardlight-owner"; // whose pages these are
  var WAIT_MS = 3000;
  var PAGES_MAX = 80;
  var ASSETS_MAX = 120;
  var POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

  // --- keeping ------------------------------------------------------------------------------

  function ours(answer) {
    var kind = answer.headers.get("content-type") || "";
    // A captive portal answers 200 too; only our server says what time it has.
    return answer.status === 200 && answer.type === "basic" && !answer.redirected
      && kind.indexOf("text/html") === 0 && answer.headers.has("wardlight-now")
      && !answer.headers.has("wardlight-glass"); // a chart behind broken glass closes again
  }

  async function keep(address, answer) {
    var headers = new Headers(answer.headers);
    headers.set("wardlight-kept", String(Date.now()));
    var body = await answer.text();
    var pages = await caches.open(PAGES);
    await pages.delete(address);
    await pages.put(address, new Response(body, { status: 200, headers: headers }));
    await trim(pages, PAGES_MAX);
    return body;
  }

  async function trim(cache, most) {
    var held = await cache.keys();
    for (var one = 0; one < held.length - most; one += 1) { await cache.delete(held[one]); }
  }

  async function keepAsset(address) {
    var assets = await caches.open(ASSETS);
    if (await assets.match(address)) { return; }
    var answer = await fetch(address, { credentials: "same-origin" });
    if (answer.status === 200 && answer.type === "basic") {
      await assets.put(address, answer);
      await trim(assets, ASSETS_MAX);
    }
  }

  // A page and the assets it names, asked for anew.
  async function keepWhole(address) {
    var answer = await fetch(address, {
      credentials: "same-origin", cache: "no-store", headers: { accept: "text/html", "x-wardlight-refresh": "1" }
    });
    if (!ours(answer)) { return; }
    var body = await keep(address, answer);
    var named = body.match(/\/static\/[\w.-]+\?v=\w+/g) || [];
    await Promise.all(named.map(function (one) { return keepAsset(one); }));
  }

  // --- answering ----------------------------------------------------------------------------

  function nothingKept() {
    var text = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      + "<title>Server not reachable</title></head><body><main><h1>Server not reachable</h1>"
      + "<p>This page was not opened on this tablet before, so there is no copy of it here. "
      + "What you entered is kept.</p><p><a href=\"/my-entries\">My entries</a></p>"
      + "<p><a href=\"/\">Wards</a></p></main></body></html>";
    return new Response(text, {
      status: 503,
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY }
    });
  }

  async function copyOf(address) {
    var pages = await caches.open(PAGES);
    var held = await pages.match(address);
    if (!held) { return null; }
    var body = await held.text();
    var at = held.headers.get("wardlight-kept");
    // The page says itself that it is a copy, and how old: its ages go on from there.
    body = body.replace("<html ", "<html data-kept=\"" + at + "\" ");
    return new Response(body, { status: 200, headers: held.headers });
  }

  function within(asked) {
    return Promise.race([asked, new Promise(function (done) {
      setTimeout(function () { done(null); }, WAIT_MS);
    })]);
  }

  async function page(event) {
    var address = event.request.url;
    var asked = fetch(event.request).catch(function () { return Response.error(); });
    var answer = await within(asked);
    if (!answer || answer.type === "error" || answer.status >= 500) {
      var held = await copyOf(address);
      if (held) { return held; }
      answer = await asked; // nothing kept: better late than nothing
      if (answer.type === "error") { return nothingKept(); }
    }
    if (ours(answer)) { event.waitUntil(keep(address, answer.clone())); }
    return answer;
  }

  async function asset(event) {
    var assets = await caches.open(ASSETS);
    var held = await assets.match(event.request);
    if (held) { return held; }
    var answer = await fetch(event.request);
    if (answer.status === 200 && answer.type === "basic") {
      event.waitUntil(assets.put(event.request, answer.clone()).then(function () {
        return trim(assets, ASSETS_MAX);
      }));
    }
    return answer;
  }

  self.addEventListener("fetch", function (event) {
    var request = event.request;
    var url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) { return; }
    if (request.mode === "navigate") { event.respondWith(page(event)); return; }
    // Addressed by the hash of their content: what is kept can never be stale.
    if (url.pathname.indexOf("/static/") === 0 && url.search) { event.respondWith(asset(event)); }
  });

  // --- whose pages --------------------------------------------------------------------------

  async function owned(who) {
    var notes = await caches.open(OWNER);
    var before = await notes.match("/owner");
    if (before && await before.text() === who) { return; }
    await caches.delete(PAGES);
    await notes.put("/owner", new Response(who));
  }

  async function told(message) {
    if (message.forget) { await caches.delete(PAGES); return; }
    if (!message.keep) { return; }
    await owned(message.who || "");
    await Promise.all(message.keep.map(function (one) {
      return keepWhole(new URL(one, self.location.origin).href).catch(function () { return null; });
    }));
  }

  self.addEventListener("message", function (event) { event.waitUntil(told(event.data || {})); });
  self.addEventListener("install", function (event) { event.waitUntil(self.skipWaiting()); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
}());
