// Sends what is kept, in the order it was made, until the server says that it has it: a JSON answer
// that echoes the id. Anything else means "not yet". Correct without Web Locks: the server knows
// an id again, and an answer only changes an entry that still waits.
(function () {
  "use strict";
  var store = window.wardlight.store;
  var POST_MS = 10000;
  var PING_MS = 5000;
  var RETRY_MS = 15000;
  var IN_VAIN = 3; // entries in a row without any answer: the server is away, not the entry bad
  var KEPT_MS = 30 * 24 * 60 * 60 * 1000; // sent entries stay here this long
  var running = null;
  var more = null; // asked for while one was running: "due" or "all"
  var state = { reached: null, seen: 0, now: 0, skew: null, asks: false, who: "", station: "" };

  var tabs = window.BroadcastChannel ? new BroadcastChannel("wardlight-outbox") : null;

  if (tabs) { tabs.onmessage = function () { changed(); }; }

  // --- one question to the server ---------------------------------------------------------

  function ask(path, body, limit) {
    var stop = new AbortController();
    var timer = window.setTimeout(function () { stop.abort(); }, limit);
    var options = { cache: "no-store", credentials: "same-origin", redirect: "error" };
    options.signal = stop.signal;
    if (body) {
      options.method = "POST";
      options.headers = { "Content-Type": "application/json" };
      options.body = JSON.stringify(body);
    }
    function end(value) { window.clearTimeout(timer); return value; }
    return window.fetch(path, options).then(function (answer) {
      return answer.json().catch(function () { return null; }).then(function (said) {
        return end({ status: answer.status, said: said && typeof said === "object" ? said : {} });
      });
    }).catch(function () { return end({ status: 0, said: {} }); });
  }

  function wire(entry) {
    return {
      id: entry.id, kind: entry.kind, patient: entry.patient, site: entry.site, made: entry.made,
      skew: entry.skew, corrects: entry.corrects, by: entry.by, drill: Boolean(entry.drill),
      fields: entry.fields
    };
  }

  // --- what an answer means ---------------------------------------------------------------

  function outcome(entry, answer) {
    if (answer.said.id !== entry.id) { return answer.status ? "again" : "silent"; }
    if (answer.status >= 200 && answer.status < 300 && answer.said.ok === true) { return "kept"; }
    if (answer.status === 401 || answer.status === 403) { return "asks"; }
    if (answer.status === 409 || answer.status === 422) { return "parked"; }
    return "again";
  }

  function kept(entry, said) {
    var shown = entry.shown || [];
    var told = (said.warnings || []).filter(function (words) { return shown.indexOf(words) < 0; });
    Object.assign(entry, {
      state: told.length ? "told" : "sent", told: told, position: said.position, seal: said.seal,
      recorded: said.recorded, because: ""
    });
  }

  function parked(entry, answer) {
    Object.assign(entry, {
      state: "parked", status: answer.status, because: String(answer.said.because || ""),
      wrong: answer.said.fields || {}, position: answer.said.position, seal: answer.said.seal
    });
  }

  function later(entry, answer, what) {
    var wait = Math.min(RETRY_MS, 1000 * Math.pow(2, Math.min(entry.tries, 6)));
    entry.next = Date.now() + wait * (0.5 + Math.random() / 2);
    entry.status = answer.status;
    entry.because = what === "asks" ? String(answer.said.because || "Sign in again.") : "";
  }

  function settle(entry, answer) {
    var what = outcome(entry, answer);
    return store.change(entry.seq, function (held) {
      if (held.state !== "waiting") { return false; }
      if (what === "kept") { kept(held, answer.said); }
      else if (what === "parked") { parked(held, answer); }
      else { later(held, answer, what); }
      return true;
    }).then(function (held) {
      return (held && what === "kept" ? acknowledged(held) : Promise.resolve()).then(function () {
        return what;
      });
    });
  }

  function acknowledged(entry) {
    return store.noted("ack").then(function (ack) {
      if (ack && ack.position >= entry.position) { return null; }
      return store.note("ack", { position: entry.position, seal: entry.seal });
    });
  }

  // --- a round ----------------------------------------------------------------------------

  async function mayGo(entry) {
    if (entry.after) { // it takes something back that may still be to go
      var first = await store.byId(entry.after);
      if (first && first.state === "waiting") { return false; }
    }
    // Noted before it leaves: what was tried once may be at the server, and is not "never sent".
    return Boolean(await store.change(entry.seq, function (held) {
      if (held.state !== "waiting") { return false; }
      held.tries = (held.tries || 0) + 1;
      entry.tries = held.tries;
      return true;
    }));
  }

  var unheard = {}; // authors who have to sign in again before theirs is taken

  async function round(all) {
    var due = all ? Infinity : Date.now();
    var silent = 0;
    var tried = false;
    var asking = {}; // authors who have to sign in again; the others go on
    var entry = await store.next("waiting", 0, due);
    while (entry && silent < (state.reached ? IN_VAIN : 1)) {
      if (!asking[entry.by] && await mayGo(entry)) {
        var answer = await ask("/entries", wire(entry), POST_MS);
        var what = await settle(entry, answer);
        tried = true;
        silent = what === "silent" ? silent + 1 : 0;
        if (what === "asks") { asking[entry.by] = true; }
        // Who was asked stays asked until an entry of theirs is taken, whoever else sends meanwhile.
        if (what === "asks") { unheard[entry.by] = true; } else { delete unheard[entry.by]; }
        if (silent && state.reached) { await ping(); } // is it the entry, or the server?
        if (what === "kept" || what === "parked") { await changed(); }
      }
      entry = await store.next("waiting", entry.seq, due);
    }
    if (tried) { state.asks = Object.keys(unheard).length > 0; }
  }

  function locked(work) {
    if (!navigator.locks) { return work(); }
    return navigator.locks.request("wardlight-sending", { ifAvailable: true }, function (lock) {
      return lock ? work() : null;
    });
  }

  // `all`: also those that would wait for their next try.
  function flush(all) {
    if (running) { more = all || more === "all" ? "all" : "due"; return running; }
    running = Promise.resolve(locked(function () { return round(all); }))
      .catch(function () { return null; }) // the disk would not answer: next beat
      .then(function () {
        running = null;
        var again = more;
        more = null;
        if (tabs) { tabs.postMessage("counts"); } // the tab that did not send counts anew
        return changed().then(function () { return again ? flush(again === "all") : null; });
      });
    return running;
  }

  function changed() {
    return store.counts().catch(function () { return null; }).then(function (counts) {
      document.dispatchEvent(new CustomEvent("wardlight-outbox", {
        detail: { counts: counts, state: state }
      }));
    });
  }

  // --- the heartbeat ----------------------------------------------------------------------

  async function ping() {
    var ack = await store.noted("ack").catch(function () { return null; });
    var query = ack ? "?ack=" + encodeURIComponent(ack.position + "." + ack.seal) : "";
    var sent = Date.now();
    var answer = await ask("/ping" + query, null, PING_MS);
    var said = answer.said;
    state.reached = answer.status === 200 && typeof said.now === "number";
    if (!state.reached) { return false; }
    var back = Date.now();
    state.seen = back;
    state.now = said.now;
    state.skew = Math.round((sent + back) / 2 - said.now);
    state.who = said.who || "";
    state.station = said.station || "";
    if (said.holds === false) { await store.reoffer(); }
    else { await store.erase(said.now - KEPT_MS); }
    return true;
  }

  function beat(all) {
    var before = state.reached;
    return ping().catch(function () { state.reached = false; }).then(function () {
      return flush(all || (state.reached && !before));
    });
  }

  function topUp() {
    return store.numbers().then(function (held) {
      if (held.left >= 10) { return null; }
      return ask("/numbers?have=" + held.left, null, PING_MS).then(function (answer) {
        var given = answer.status === 200 ? answer.said.numbers : null;
        return Array.isArray(given) && given.length ? store.addNumbers(given) : null;
      });
    });
  }

  window.wardlight.sending = {
    ask: ask, wire: wire, flush: flush, beat: beat, changed: changed, state: state, topUp: topUp
  };
}());
