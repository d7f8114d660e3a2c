// One entry as a row of "My entries", and what can be done with it.
(function () {
  "use strict";
  var store = window.wardlight.store;
  var sending = window.wardlight.sending;
  var form = window.wardlight.form;
  var make = window.wardlight.check.make;
  var clock = window.wardlight.link.clock;

  function typed(entry) {
    return entry.fields.filter(function (pair) { return pair[1].trim(); });
  }

  function name(field) {
    return field.replace(/[_-]/g, " ");
  }

  function day(ms) {
    var months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    var at = new Date(ms);
    return ("0" + at.getDate()).slice(-2) + "-" + months.slice(at.getMonth() * 3).slice(0, 3)
      + "-" + at.getFullYear();
  }

  // --- where it stands --------------------------------------------------------------------

  function waiting(entry) {
    if (entry.status === 401 || entry.status === 403) { return "waiting \u2013 sign in again"; }
    if (!entry.tries) { return "waiting \u2013 not tried yet"; }
    var left = Math.max(0, Math.round((entry.next - Date.now()) / 1000));
    var why = entry.status ? "the server could not take it" : "server not reachable";
    return "waiting \u2013 " + why + ", try " + entry.tries + ", next in " + left + " s";
  }

  function standing(entry) {
    if (entry.state === "waiting") { return waiting(entry); }
    if (entry.state === "parked") {
      var words = Object.keys(entry.wrong || {}).map(function (field) { return entry.wrong[field]; });
      return [entry.because].concat(words).join(" ");
    }
    if (entry.state === "told") { return "received, look at this: " + entry.told.join(" "); }
    if (entry.state === "voided") { return "voided, never sent: " + entry.reason; }
    return "sent " + clock(entry.recorded) + " no. " + entry.position + " \u2713"
      + (entry.voidAsked ? ", taken back: " + entry.voidAsked : "");
  }

  // --- what can be done -------------------------------------------------------------------

  function button(words, work) {
    var made = make("button", words);
    made.type = "button";
    made.addEventListener("click", function () { work(made); });
    return made;
  }

  function set(entry, values) {
    return store.change(entry.seq, function (held) {
      if (held.state !== entry.state) { return false; }
      Object.assign(held, values);
      return true;
    }).then(sending.changed);
  }

  // Never sent: it is struck out here and stays listed. Sent, or perhaps sent: that is said to the
  // server by an entry of its own, after the one it takes back.
  function takeBack(entry, reason) {
    return store.change(entry.seq, function (held) {
      var never = (held.state === "waiting" && !held.tries)
        || (held.state === "parked" && held.status === 422);
      Object.assign(held, never
        ? { state: "voided", reason: reason, ended: Date.now() } : { voidAsked: reason });
      return true;
    }).then(function (held) {
      if (!held || held.state === "voided") { return null; }
      return store.save({
        id: form.newId(), state: "waiting", kind: "entry.voided", patient: entry.patient,
        site: entry.site, corrects: "", by: form.meta("grant"), who: form.meta("who"),
        label: "Taken back: " + entry.label, made: Date.now(), skew: sending.state.skew,
        fields: [["entry", entry.id], ["reason", reason]], page: form.page(), tries: 0, next: 0,
        after: entry.id
      }, "", false);
    }).then(function () { return sending.flush(false); });
  }

  function voiding(entry) {
    var box = make("details");
    var label = make("label", "Reason ");
    var input = make("input");
    input.type = "text";
    input.maxLength = 200;
    label.appendChild(input);
    box.appendChild(make("summary", "Take back"));
    box.appendChild(label);
    box.appendChild(button("Take this entry back", function () {
      if (!input.value.trim()) { input.focus(); return; }
      box.open = false;
      takeBack(entry, input.value.trim());
    }));
    return box;
  }

  function compare(entry, cell) {
    var box = make("div", "", "notice");
    box.appendChild(make("p", "This tablet sent: " + words(entry)));
    box.appendChild(make("p", "The log kept this as no. " + (entry.position || "not known")
      + ", beside the one it had. Both are kept; nothing is thrown away."));
    cell.appendChild(box);
  }

  function correct(entry) {
    return store.keepDraft({
      key: entry.draft, fields: entry.fields, made: entry.made, who: entry.who,
      label: entry.label, page: entry.page
    }).then(function () {
      return set(entry, { state: "voided", reason: "put back into its form", ended: Date.now() });
    }).then(function () { window.location.assign(entry.page); });
  }

  function actions(entry, cell) {
    var parked = entry.state === "parked";
    if (entry.state === "waiting") {
      cell.appendChild(button("Try now", function () { sending.beat(true); }));
    }
    if (parked && entry.status === 409) {
      cell.appendChild(button("Compare", function (one) { one.remove(); compare(entry, cell); }));
    }
    if (parked && entry.status === 422) {
      if (entry.draft && entry.who === form.meta("who")) {
        cell.appendChild(button("Correct in its form", function () { correct(entry); }));
      }
      cell.appendChild(button("Try again", function () {
        set(entry, { state: "waiting", next: 0 }).then(function () { sending.beat(true); });
      }));
    }
    if (entry.state === "told" || (parked && entry.status === 409)) {
      cell.appendChild(button("I have seen this", function () { set(entry, { state: "sent" }); }));
    }
    cell.appendChild(button("Copy to paper", function () { paper([entry]); }));
    if (entry.state !== "voided" && !entry.voidAsked && entry.kind !== "entry.voided"
      && !(parked && entry.status === 409)) { cell.appendChild(voiding(entry)); }
  }

  // --- rows -------------------------------------------------------------------------------

  function words(entry) {
    return typed(entry).map(function (pair) { return name(pair[0]) + " " + pair[1]; }).join(" \u00b7 ");
  }

  function cell(tag, label, text) {
    var made = make(tag, text);
    if (label) { made.setAttribute("data-label", label); }
    return made;
  }

  function row(entry) {
    var made = make("tr");
    var time = cell("th", "", clock(entry.made));
    time.setAttribute("scope", "row");
    time.appendChild(make("span", day(entry.made), "sub"));
    made.appendChild(time);
    var what = cell("td", "", "");
    what.appendChild(make("bdi", entry.label || entry.kind));
    what.appendChild(make("span", words(entry), "sub"));
    made.appendChild(what);
    made.appendChild(cell("td", "By", entry.who || "Not known"));
    var state = cell("td", "", standing(entry));
    state.setAttribute("data-state-of", entry.seq);
    made.appendChild(state);
    var doing = cell("td", "", "");
    doing.className = "doing";
    actions(entry, doing);
    made.appendChild(doing);
    return made;
  }

  function draft(one) {
    var item = make("li");
    var open = make("a", (one.label || "Form") + ", typed " + clock(one.made) + " by "
      + (one.who || "not known"));
    open.href = one.page;
    item.appendChild(open);
    return item;
  }

  function paper(entries) {
    var sheet = document.getElementById("paper-copy");
    sheet.textContent = "";
    entries.forEach(function (entry) {
      var block = make("section", "", "block");
      block.appendChild(make("h2", entry.label || entry.kind));
      block.appendChild(make("p", "Made " + day(entry.made) + " " + clock(entry.made) + " by "
        + (entry.who || "not known") + ". Entry " + entry.id.slice(0, 8) + ", " + standing(entry)));
      var list = make("dl");
      typed(entry).forEach(function (pair) {
        list.appendChild(make("dt", name(pair[0])));
        list.appendChild(make("dd", pair[1]));
      });
      block.appendChild(list);
      block.appendChild(make("p", "Copied to the chart by ____________________  at ______"));
      sheet.appendChild(block);
    });
    sheet.hidden = false;
    document.body.classList.add("paper-only");
    window.print();
    document.body.classList.remove("paper-only");
    sheet.hidden = true;
  }

  window.wardlight.rows = { row: row, draft: draft, standing: standing, paper: paper };
}());
