// Starts what a tablet needs to lose nothing: forms, the heartbeat, the pages kept for later.
(function () {
  "use strict";
  var sending = window.wardlight.sending;
  var form = window.wardlight.form;
  var IDLE_MS = 10000;
  var WAITING_MS = 4000;
  var KEEP_MS = 60000;
  var kept = Date.now();
  var waiting = false;
  var timer = null;

  // --- the heartbeat. navigator.onLine knows the cable, not the server: only a hint ---------

  function beat(all) {
    window.clearTimeout(timer);
    timer = null;
    return sending.beat(all).then(function () {
      // A node where nobody signs in gives numbers to every page.
      var known = form.meta("grant") || !document.getElementById("who");
      if (known && sending.state.reached) {
        sending.topUp().then(window.wardlight.numbers.shown, function () { return null; });
      }
      pause();
    });
  }

  function pause() {
    var ms = (waiting ? WAITING_MS : IDLE_MS) * (1 + Math.random() / 2);
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { beat(false); }, ms);
  }

  document.addEventListener("wardlight-outbox", function (event) {
    var counts = event.detail.counts;
    var before = waiting;
    waiting = Boolean(counts && counts.waiting);
    if (waiting && !before && timer) { pause(); } // do not sleep on it
  });
  window.addEventListener("online", function () { beat(true); });
  window.addEventListener("focus", function () { beat(false); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) { beat(false); }
  });

  // --- pages kept for when the server is away -----------------------------------------------

  function tell(message) {
    if (!navigator.serviceWorker) { return Promise.resolve(); }
    return navigator.serviceWorker.getRegistration().then(function (found) {
      if (found && found.active) { found.active.postMessage(message); }
    }, function () { return null; });
  }

  // Whoever signs out takes the pages along; entries stay, whoever signs in next sends them.
  function forget() {
    return tell({ forget: true });
  }

  function keepPages() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.register("/sw.js", { scope: "/" }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (ready) {
      // The first page was loaded before there was a worker to keep it.
      ready.active.postMessage({ keep: [form.page(), "/my-entries"], who: form.meta("who") });
    }).catch(function () { return null; }); // plain http, or a certificate not known here
  }

  // A page that keeps itself fresh is kept fresh here too, once a minute.
  document.addEventListener("wardlight-fresh", function () {
    if (Date.now() - kept < KEEP_MS) { return; }
    kept = Date.now();
    tell({ keep: [form.page()], who: form.meta("who") });
  });

  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[action='/sign-out'], form.sign-out")) { forget(); }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("a[href='/sign-out']")) { forget(); }
  });

  window.wardlight.forget = forget;
  window.wardlight.drafts.draw();
  window.wardlight.numbers.shown();
  sending.changed();
  beat(true);
  keepPages();
}());
