// Takes over every form that makes an entry: one way, with the server or without. "Saved on this
// tablet" is said when it is on the disk, and not before; a second press is the same entry.
(function () {
  "use strict";
  var store = window.wardlight.store;
  var sending = window.wardlight.sending;
  var check = window.wardlight.check;
  var form = window.wardlight.form;
  var drafts = window.wardlight.drafts;
  var clock = window.wardlight.link.clock;
  var GO_ON_MS = 2000; // wait this long for the server before staying on the page

  // --- downtime numbers -------------------------------------------------------------------

  // For the check: the number that saving would take. Null when the form has one, or needs none.
  function number(one, entry) {
    var typed = entry.fields.some(function (pair) {
      return pair[0] === "number" && pair[1].trim();
    });
    if (!one.hasAttribute("data-takes-number") || typed) { return Promise.resolve(null); }
    return store.numbers().then(function (held) { return held.next; });
  }

  function shown() {
    var places = document.querySelectorAll("[data-next-number], [data-numbers-left]");
    if (!places.length) { return; }
    store.numbers().then(function (held) {
      places.forEach(function (place) {
        place.textContent = place.hasAttribute("data-next-number") ? held.next : held.left;
      });
    }).catch(function () { return null; });
  }

  // --- saving -----------------------------------------------------------------------------

  async function save(one, button) {
    var entry = form.entry(one, button);
    var taken = await number(one, entry);
    if (taken === "") {
      check.refuse(one, "No downtime number is left on this tablet.", {
        number: "Write the next one from the unit's paper block."
      });
      return;
    }
    var asked = Object.assign({}, entry);
    if (taken) { asked.fields = entry.fields.concat([["number", taken]]); }
    var found = await check.check(one, asked);
    if (!found.ok) { check.refuse(one, found.because || "Not saved yet.", found.fields); return; }
    check.refuse(one, "", {});
    if (!check.warn(one, found.warnings)) { return; }
    entry.shown = found.warnings.map(function (warning) { return warning.words; })
      .concat(check.shown(one));
    entry.draft = drafts.key(one);
    saved(one, await store.save(entry, entry.draft, Boolean(taken)));
  }

  function saved(one, entry) {
    var words = "Saved on this tablet " + clock(entry.made)
      + (entry.number ? " \u00b7 downtime number " + entry.number : "");
    form.of(one).saved = true;
    one.removeAttribute("data-dirty");
    one.reset();
    check.unwarn(one);
    form.say(one, words, false);
    shown();
    one.dispatchEvent(new CustomEvent("wardlight-saved", { bubbles: true, detail: entry }));
    follow(one, entry, words);
    sending.flush(false);
  }

  // --- what became of it ------------------------------------------------------------------

  function follow(one, entry, words) {
    var began = Date.now();
    var next = one.getAttribute("data-next");
    function end() { document.removeEventListener("wardlight-outbox", look); }
    function look() {
      if (form.of(one).id !== entry.id) { end(); return; } // the next one is being typed
      store.byId(entry.id).then(function (held) {
        if (!held || held.state === "waiting") { return; }
        end();
        received(one, held, words);
        var quick = Date.now() - began < GO_ON_MS;
        if (next && held.state === "sent" && quick) { window.location.assign(next); }
        else { offer(one, next); }
      });
    }
    document.addEventListener("wardlight-outbox", look);
    window.setTimeout(function () {
      if (form.of(one).id === entry.id) { offer(one, next); }
    }, GO_ON_MS);
  }

  function received(one, held, words) {
    if (held.state === "parked") {
      check.refuse(one, "Kept on this tablet, but the server wants a person to look: "
        + held.because + " It stands in My entries.", held.wrong || {});
      return;
    }
    var text = words + " \u2192 received " + clock(held.recorded) + " no. " + held.position;
    var told = held.state === "told";
    form.say(one, text + (told ? ". Look at this: " + held.told.join(" ") : ""), told);
  }

  function offer(one, next) {
    if (!next || one.querySelector(".go-on")) { return; }
    var on = check.make("a", "Go on", "go-on");
    on.href = next;
    var place = one.querySelector(".entry-saved");
    place.appendChild(document.createTextNode(" "));
    place.appendChild(on);
  }

  document.addEventListener("submit", function (event) {
    var one = event.target;
    if (!one.matches("form.entry")) { return; }
    event.preventDefault();
    var here = form.of(one);
    if (here.saving || here.saved) { return; }
    var active = document.activeElement;
    var pressed = active && active.form === one && active.type === "submit" ? active : null;
    here.saving = true;
    one.setAttribute("aria-busy", "true");
    save(one, event.submitter || pressed).then(function () { return true; }, function () {
      form.say(one, "NOT SAVED \u2013 use " + form.paper(one)
        + ". What you typed still stands here.", true);
      return false;
    }).then(function (kept) {
      here.saving = false;
      one.removeAttribute("aria-busy");
      if (kept && !here.saved) { drafts.keep(one); } // asked back: what was typed is kept
    });
  });

  window.wardlight.numbers = { shown: shown };
}());
