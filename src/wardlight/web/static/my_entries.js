// "My entries": what this tablet holds and what became of it. Each entry can be opened, tried
// again, copied to paper and taken back with a reason; nothing unsent is ever erased here.
(function () {
  "use strict";
  var store = window.wardlight.store;
  var sending = window.wardlight.sending;
  var link = window.wardlight.link;
  var rows = window.wardlight.rows;
  var SHOWN_MAX = 200;
  var STATES = { needs: ["parked", "told"], waiting: ["waiting"], sent: ["sent"], voided: ["voided"] };
  var drawn = {};

  function place(name) { return document.getElementById("entries-" + name); }

  // --- the lists --------------------------------------------------------------------------

  function busy(section) {
    var active = document.activeElement;
    return section.querySelector("details[open]") || (active !== section
      && section.contains(active) && /^(input|select)$/i.test(active.tagName));
  }

  function draw(name, entries) {
    var section = place(name);
    var mark = entries.map(function (one) {
      return [one.seq, one.state, one.voidAsked || ""].join("/");
    }).join(" ");
    entries.forEach(function (one) {
      link.put(section.querySelector("[data-state-of='" + one.seq + "']"), rows.standing(one));
    });
    if (drawn[name] === mark || busy(section)) { return; }
    drawn[name] = mark;
    section.querySelector("tbody").textContent = "";
    entries.forEach(function (one) { section.querySelector("tbody").appendChild(rows.row(one)); });
    section.querySelector("table").hidden = !entries.length;
    section.querySelector(".none").hidden = Boolean(entries.length);
  }

  function refresh() {
    return Promise.all(Object.keys(STATES).map(function (name) {
      var way = name === "sent" || name === "voided" ? "prev" : "next";
      return Promise.all(STATES[name].map(function (state) {
        return store.list(state, SHOWN_MAX, way);
      })).then(function (found) { draw(name, [].concat.apply([], found)); });
    })).then(drafts);
  }

  function drafts() {
    return store.drafts().then(function (found) {
      var section = place("drafts");
      section.hidden = !found.length;
      section.querySelector("ul").textContent = "";
      found.forEach(function (one) {
        section.querySelector("ul").appendChild(rows.draft(one));
      });
    });
  }

  // --- this tablet ------------------------------------------------------------------------

  function put(name, text) { link.put(document.getElementById("tablet-" + name), text); }

  function ago(ms) {
    var seconds = Math.max(0, Math.round((Date.now() - ms) / 1000));
    return seconds < 90 ? seconds + " s ago" : Math.round(seconds / 60) + " min ago";
  }

  function skew(ms) {
    if (ms === null) { return "not compared yet"; }
    return (ms < 0 ? "\u2212" : "+") + Math.round(Math.abs(ms) / 1000) + " s";
  }

  function storage() {
    if (!navigator.storage || !navigator.storage.estimate) {
      put("storage", "not known to this browser");
      return;
    }
    navigator.storage.estimate().then(function (found) {
      put("storage", (found.usage / 1e6).toFixed(1) + " of " + Math.round(found.quota / 1e6) + " MB");
    });
  }

  function tablet(state, counts) {
    put("server", state.reached ? "\u2713 " + ago(state.seen)
      : "\u25B2 not reachable" + (state.seen ? ", last " + ago(state.seen) : ""));
    put("clock", skew(state.skew));
    if (state.station) { put("station", state.station); }
    if (counts) {
      put("counts", "Waiting " + counts.waiting + " \u00b7 Needs you "
        + (counts.parked + counts.told) + " \u00b7 Sent " + counts.sent);
    }
    window.wardlight.station.look().then(function (found) { put("ready", found.word); });
    store.numbers().then(function (held) { put("numbers", held.left + " left"); });
    storage();
  }

  document.addEventListener("wardlight-outbox", function (event) {
    tablet(event.detail.state, event.detail.counts);
    refresh().catch(function () { say("This browser cannot show what it keeps."); });
  });

  // --- handing over -----------------------------------------------------------------------

  function say(text) { place("said").textContent = text; }

  function unsent() {
    return Promise.all(["waiting", "parked", "told"].map(function (state) {
      return store.list(state, Infinity);
    })).then(function (found) { return [].concat.apply([], found); });
  }

  function exported(entries) {
    return store.note("exported", entries.map(function (one) { return one.id; }));
  }

  function saveFile() {
    return unsent().then(function (entries) {
      var plain = entries.map(function (one) {
        var sent = sending.wire(one);
        delete sent.by; // a proof of the author is for the server alone
        return Object.assign(sent, { who: one.who, label: one.label, state: one.state });
      });
      var held = JSON.stringify({
        format: "wardlight-entries-1", saved: Date.now(), entries: plain
      }, null, 1);
      var away = document.createElement("a");
      away.href = URL.createObjectURL(new Blob([held], { type: "application/json" }));
      away.download = "wardlight-entries-" + new Date().toISOString().slice(0, 10) + ".json";
      document.body.appendChild(away);
      away.click();
      away.remove();
      say(link.entries(entries.length) + " in the file. Keep it as you keep a chart.");
      return exported(entries);
    });
  }

  function printAll() {
    return unsent().then(function (entries) {
      return exported(entries).then(function () { rows.paper(entries); });
    });
  }

  function handOver() {
    return Promise.all([unsent(), store.noted("exported")]).then(function (found) {
      var open = found[0].filter(function (one) { return (found[1] || []).indexOf(one.id) < 0; });
      place("export").hidden = !found[0].length;
      if (open.length) {
        say("Not handed over: " + link.entries(open.length) + " not sent. Save them as a file or "
          + "print them first. They stay on this tablet until they are sent.");
        return null;
      }
      return store.handOver().then(window.wardlight.forget).then(function () {
        say("Handed over: copies of sent entries, half-typed forms and kept pages are erased here."
          + (found[0].length ? " What is not sent stays and will send by itself." : "")
          + " Sign out now.");
        return sending.changed();
      });
    });
  }

  var buttons = {
    "try-all": function () { return sending.beat(true); },
    "hand-over": handOver, "save-file": saveFile, "print-all": printAll
  };
  Object.keys(buttons).forEach(function (name) {
    document.getElementById(name).addEventListener("click", function () {
      buttons[name]().catch(function () { say("That did not work. Use paper, and call IT."); });
    });
  });
  document.getElementById("my-entries").hidden = false;
  sending.changed();
}());
