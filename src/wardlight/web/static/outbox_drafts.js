// The half-typed form: kept half a second after each key, put back when the page comes again. A
// draft ends in the same transaction that keeps its entry, so that it never makes a second one.
(function () {
  "use strict";
  var store = window.wardlight.store;
  var form = window.wardlight.form;
  var clock = window.wardlight.link.clock;
  var AFTER_MS = 500;
  var timers = new WeakMap();

  function key(one) {
    function what(other) {
      return [form.told(other, "kind"), form.told(other, "patient"),
        other.getAttribute("data-label")].join("|");
    }
    var same = form.all().filter(function (other) { return what(other) === what(one); });
    return [window.location.pathname, what(one), same.indexOf(one), form.meta("who")].join("|");
  }

  function keep(one) {
    window.clearTimeout(timers.get(one));
    timers.delete(one);
    if (form.of(one).saving || form.of(one).saved) { return; }
    store.keepDraft({
      key: key(one), fields: form.fields(one, null), made: Date.now(), who: form.meta("who"),
      label: one.getAttribute("data-label") || "", page: form.page()
    }).catch(function () {
      form.say(one, "What you type is NOT KEPT on this tablet: have " + form.paper(one)
        + " ready.", true);
    });
  }

  function typed(event) {
    var one = event.target.form;
    if (!one || !one.matches("form.entry")) { return; }
    if (form.of(one).saved) { form.anew(one); form.say(one, "", false); } // a new entry begins
    one.setAttribute("data-dirty", "");
    window.clearTimeout(timers.get(one));
    timers.set(one, window.setTimeout(function () { keep(one); }, AFTER_MS));
  }

  function fill(one, fields) {
    var left = fields.slice();
    Array.from(one.elements).forEach(function (input) {
      if (!input.name || form.isOurs(input.name)) { return; }
      if (/^(submit|button|hidden)$/.test(input.type)) { return; }
      var ticked = /^(radio|checkbox)$/.test(input.type);
      var found = left.findIndex(function (pair) {
        return pair[0] === input.name && (!ticked || pair[1] === input.value);
      });
      if (ticked) { input.checked = found >= 0; }
      else if (found >= 0) { input.value = left[found][1]; }
      if (found >= 0) { left.splice(found, 1); }
    });
  }

  function restore(one) {
    return store.draft(key(one)).then(function (draft) {
      if (!draft || one.hasAttribute("data-dirty")) { return; }
      fill(one, draft.fields);
      one.setAttribute("data-dirty", "");
      var place = form.say(one, "Put back as typed at " + clock(draft.made)
        + ", not saved yet. ", false);
      var away = document.createElement("button");
      away.type = "button";
      away.textContent = "Throw it away";
      away.addEventListener("click", function () {
        one.reset();
        one.removeAttribute("data-dirty");
        form.say(one, "", false);
        store.dropDraft(key(one));
      });
      place.appendChild(away);
    }).catch(function () { return null; }); // nothing kept here, nothing to put back
  }

  function draw() {
    form.all().forEach(function (one) {
      var input = window.wardlight.check.named(one, "id");
      if (input) { input.value = form.of(one).id; }
      restore(one);
    });
  }

  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  window.addEventListener("pagehide", function () {
    form.all().forEach(function (one) { if (timers.has(one)) { keep(one); } });
  });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) { return; }
    form.all().forEach(form.anew); // the page is back as it was left, its ids are used up
    draw();
  });

  window.wardlight.drafts = { key: key, keep: keep, draw: draw };
}());
